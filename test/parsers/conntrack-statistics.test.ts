import { expect } from 'chai';
import type { TrackingCounters } from '../../src/model/conntrack-statistics.js';
import { Failure } from '../../src/model/failure.js';
import { parseConntrackStatistics } from '../../src/parsers/conntrack-statistics.js';
import { readArchive } from '../support/archive.js';

const VERSIONS = ['1.4.4', '1.4.6', '1.4.7', '1.4.9'];

function pagesOf(version: string): Map<string, string> {
  const archive = readArchive(new URL(`../fixtures/conntrack-${version}/statistics.archive`, import.meta.url));
  return new Map([...archive].map(([name, bytes]) => [name, bytes.toString('latin1')]));
}

const PAGES = pagesOf('1.4.7');
const NETLINK = PAGES.get('conntrack-L/stats.txt')!;
const EXPECT = PAGES.get('conntrack-L/stats_expect.txt')!;
const PROC = PAGES.get('conntrack-L/proc_stat.txt')!;
const EXPECTED = { expect_new: 0, expect_create: 6, expect_delete: 3 };

/** Every figure of a page by CPU and printed name, read another way: as words, hexadecimal below a header. */
function figures(page: string): [cpu: number, name: string, figure: number][] {
  if (page.startsWith('cpu=')) {
    return page
      .split('\n')
      .flatMap((line, cpu) =>
        [...line.matchAll(/ ?([^\s=]+)=(\d+)/g)]
          .slice(1)
          .map(([, name, figure]) => [cpu, name!, Number(figure)] as never),
      );
  }
  const [header = '', ...lines] = page.trim().split('\n');
  const names = header.split(/ +/);
  return lines.flatMap((line, cpu) => line.split(/ +/).map((hex, i) => [cpu, names[i]!, parseInt(hex, 16)] as never));
}

const SPELLINGS: Record<string, string> = {
  clashres: 'clash_resolve',
  icmp_error: 'error',
  chainlength: 'chaintoolong',
};

describe("the kernel's counters", () => {
  for (const version of VERSIONS) {
    it(`has every figure of the captures of ${version} under its own name`, () => {
      for (const [name, page] of pagesOf(version)) {
        const { cpus, total, entries } = parseConntrackStatistics(page);
        const all = figures(page);
        expect(all, name).to.have.length.above(5);
        for (const [cpu, printed, figure] of all) {
          const key = (SPELLINGS[printed] ?? printed) as keyof TrackingCounters;
          if (printed === 'entries') expect(entries).to.equal(figure);
          else if (printed === '(null)') expect(cpus[cpu]?.extra).to.deep.equal(['(null)=0', '(null)=0']);
          else expect(cpus[cpu]?.counters[key], `${name} ${cpu} ${printed}`).to.equal(figure);
        }
        for (const [key, sum] of Object.entries(total)) {
          const parts = all.filter(([, printed]) => (SPELLINGS[printed] ?? printed) === key).map(([, , part]) => part);
          expect(sum, `${name} ${key}`).to.equal(parts.reduce((a, b) => a + b));
        }
      }
    });
  }

  it('is of both tables where both pages are there', () => {
    const { total, cpus, read_from } = parseConntrackStatistics(NETLINK + EXPECT);
    expect(total).to.include({ invalid: 18, ...EXPECTED });
    expect(cpus.map(({ cpu }) => cpu)).to.deep.equal([0, 1]);
    expect(read_from).to.equal('netlink');
  });

  it('is the same from /proc, where the names and the places are others', () => {
    const proc = parseConntrackStatistics(PROC);
    const { total } = parseConntrackStatistics(NETLINK + EXPECT);
    expect(proc.total).to.deep.include(total);
    expect(proc).to.include({ read_from: 'proc', entries: 42 });
    // Every line has the number of flows; a sum of it means nothing.
    expect(proc.total).to.not.have.property('entries');
  });

  it('says that conntrack read /proc itself', () => {
    expect(parseConntrackStatistics(PAGES.get('errors/nonroot_stats.txt')!)).to.include({
      read_from: 'proc',
      entries: 51,
    });
  });

  it('reads a header of any kernel by its names', () => {
    const page =
      'entries  searched found new invalid ignore delete delete_list insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart frob\n' +
      '0000002a  00000001 00000002 00000003 00000004 00000005 00000006 00000007 00000008 00000009 0000000a 0000000b 0000000c  0000000d 0000000e 0000000f 00000010 000000ff\n';
    expect(parseConntrackStatistics(page)).to.deep.include({
      total: {
        ...{ found: 2, invalid: 4, insert: 8, insert_failed: 9, drop: 10, early_drop: 11, error: 12 },
        ...{ search_restart: 16, expect_new: 13, expect_create: 14, expect_delete: 15 },
        ...{ searched: 1, new: 3, ignore: 5, delete: 6, delete_list: 7 },
      },
      entries: 42,
    });
    expect(parseConntrackStatistics(page).cpus[0]?.extra).to.deep.equal(['frob=255']);
  });

  it('adds up exactly, beyond 32 bits and beyond 2^53', () => {
    const page = (figure: string) => `cpu=0   \tfound=${figure} \ncpu=1   \tfound=${figure} \n`;
    expect(parseConntrackStatistics(page('4294967295')).total.found).to.equal(8589934590);
    expect(parseConntrackStatistics(page('9007199254740991')).total.found).to.equal(18014398509481982n);
  });

  it('keeps figures without a name, names without a figure, and lines that are none', () => {
    const page = 'hello\ncpu=7   \tfound=1 (null)=3 unknown1=2 invalid=x constructor=1 \n\n';
    expect(parseConntrackStatistics(page)).to.deep.equal({
      read_from: 'netlink',
      total: { found: 1 },
      cpus: [{ cpu: 7, counters: { found: 1 }, extra: ['(null)=3', 'unknown1=2', 'invalid=x', 'constructor=1'] }],
      extra: ['hello'],
    });
    expect(parseConntrackStatistics(`hello\n\n${PROC}`).extra).to.deep.equal(['hello']);
  });

  it('sorts by CPU', () => {
    const { cpus } = parseConntrackStatistics('cpu=10  \tfound=1 \ncpu=9   \tfound=2 \n');
    expect(cpus.map(({ cpu }) => cpu)).to.deep.equal([9, 10]);
  });

  for (const [why, page, message] of [
    ['it is empty', '', /is empty/],
    ['it is another page', 'hello\n', /not the page/],
    ['its last line was cut', NETLINK.slice(0, -1), /ends in the middle of a line/],
    ['a CPU lacks a counter', NETLINK.replace('drop=0 ', ''), /CPU 0 lacks "drop"/],
    ['a figure is damaged', NETLINK.replace('invalid=10', 'invalid=1O'), /CPU 0 lacks "invalid"/],
    ['no counter is known', 'cpu=0   \tfrob=1 \n', /no CPU has a counter/],
    ['it is there twice', NETLINK + NETLINK, /a CPU has "found" twice/],
    ['/proc has a line too short', PROC.replace(/ 00000000\n/, '\n'), /line 2 has not a figure for each name/],
    ['/proc has a line too long', PROC.replace(/\n$/, ' 00000000\n'), /line 3 has not a figure for each name/],
    ['/proc has a figure that is none', PROC.replace('0000000a', '0000000x'), /line 2 has not a figure/],
    ['/proc has a header only', `${PROC.split('\n')[0]}\n`, /not the page/],
  ] as const) {
    it(`is refused where ${why}`, () => {
      expect(() => parseConntrackStatistics(page))
        .to.throw(Failure, message)
        .with.property('code', 'BAD_ANSWER');
    });
  }
});
