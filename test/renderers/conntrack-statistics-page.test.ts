import { expect } from 'chai';
import type { ConntrackStatistics } from '../../src/model/conntrack-statistics.js';
import { COUNTERS, parseConntrackStatistics } from '../../src/parsers/conntrack-statistics.js';
import { renderConntrackStatistics } from '../../src/renderers/conntrack-statistics-page.js';
import { uncoloured } from '../support/terminal.js';

/** Every counter of so many CPUs, with one figure all over. */
function statistics(cpus: number, figure: number): ConntrackStatistics {
  const words = COUNTERS.map((name) => `${name}=${figure} `).join('');
  return parseConntrackStatistics(Array.from({ length: cpus }, (_, cpu) => `cpu=${cpu}   \t${words}\n`).join(''));
}

function page(shown: ConntrackStatistics, columns?: number): string {
  return renderConntrackStatistics(shown, { columns, colour: false });
}

describe("page of the kernel's counters", () => {
  it('has a row for each counter with its total, each CPU and what it counts', () => {
    const lines = page(statistics(2, 7)).split('\n');
    expect(lines[0]).to.equal('COUNTER         TOTAL  CPU 0  CPU 1  MEANING');
    expect(lines[1]).to.equal('found              14      7      7  tuples that NAT wanted but were taken');
    expect(lines.slice(1, COUNTERS.length + 1).map((line) => line.split(' ')[0])).to.deep.equal(COUNTERS);
    expect(lines.slice(COUNTERS.length + 1)).to.deep.equal([
      '',
      'Counters of a CPU wrap at 4294967296: a total that has fallen has wrapped.',
      '',
    ]);
  });

  for (const [cpus, figure, columns, has] of [
    [2, 4294967295, 80, 'each CPU'],
    [4, 4294967295, 80, 'each CPU'],
    [5, 4294967295, 80, 'total only'],
    [128, 1, undefined, 'total only'],
    [128, 1, 2000, 'each CPU'],
    [2, 1, 30, 'total only'],
  ] as const) {
    it(`has ${has} of ${cpus} CPUs with figures like ${figure} in ${columns ?? 'a pipe of 80'} columns, all digits, and nothing wider`, () => {
      const text = page(statistics(cpus, figure), columns);
      const rows = text.split('\n').slice(0, COUNTERS.length + 1);
      expect(rows.filter((line) => line.length > (columns ?? 80))).to.deep.equal([]);
      expect(rows.every((row, i) => i === 0 || row.includes(` ${cpus * figure}`))).to.equal(true);
      const note = `The figures of ${cpus} CPUs do not fit into ${columns ?? 80} columns; --json has them.\n`;
      expect(text.includes(note)).to.equal(has === 'total only');
      expect(rows[0]!.includes(`CPU ${cpus - 1}`)).to.equal(has === 'each CPU');
    });
  }

  it('says where the figures come from where that is /proc, and how many flows there are', () => {
    const proc = parseConntrackStatistics('entries  found\n0000002a  00000001\n');
    expect(page(proc)).to.match(/\nRead from \/proc\/net\/stat\/nf_conntrack\. It counts 42 flows in the table\.\n$/);
  });

  it('shows what it does not know as it was printed, but obeys nothing of it', () => {
    const text = page(parseConntrackStatistics('\x1b[2Jhello\ncpu=3   \tfound=1 (null)=2 \x1b[31m=3 \n'));
    expect(text).to.match(/\n\nnot known to ctsync:\n {2}CPU 3: \(null\)=2 \\x1b\[31m=3\n {2}\\x1b\[2Jhello\n$/);
  });

  it('has no rows where there are no counters', () => {
    expect(page({ read_from: 'proc', total: {}, cpus: [] })).to.equal('No counters.\n');
  });

  it('has a bold header where colours may be used', () => {
    const text = renderConntrackStatistics(statistics(1, 1), { colour: true });
    expect(text.startsWith('\u001b[1mCOUNTER ')).to.equal(true);
    expect(uncoloured(text)).to.equal(page(statistics(1, 1)));
  });
});
