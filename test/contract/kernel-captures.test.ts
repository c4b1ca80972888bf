import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { FailureReport } from '../../src/model/failure.js';
import { readArchive } from '../support/archive.js';
import { ctsync, fixture } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, sentences } from '../support/failures.js';
import { skipFor } from '../support/skip.js';
import { onTerminal, terminalUnavailable } from '../support/terminal.js';

const OTHERS = readArchive(fixture('captures-wrong/outputs.archive'));
const EXPECTATIONS = readArchive(fixture('conntrack-1.4.7/expectations.archive'));
const STATISTICS = readArchive(fixture('conntrack-1.4.7/statistics.archive'));
const COUNTS = readArchive(fixture('conntrack-1.4.7/counts.archive'));
const TABLES = readArchive(fixture('conntrack-1.4.7/flow-tables.archive'));
const CACHES = readArchive(fixture('conntrackd-1.4.7/expectation-caches.archive'));

const EXPECT = EXPECTATIONS.get('conntrack-L/expect.txt')!.toString();
const NETLINK = STATISTICS.get('conntrack-L/stats.txt')!;
const PROC = STATISTICS.get('conntrack-L/proc_stat.txt')!;
const DYING = TABLES.get('conntrack-L/dying_nonempty_ext.txt')!;

const READS: Readonly<Record<string, string>> = {
  expect: 'This command reads the output of conntrack -L expect.',
  count: 'This command reads the output of conntrack -C, or of sysctl net.netfilter.',
  statistics: 'This command reads the output of conntrack -S, or /proc/net/stat/nf_conntrack.',
  dying: 'This command reads the output of conntrack -L dying -o extended,id.',
};

describe('contract: captures of the other views of the kernel', () => {
  let folder: string;
  let capture: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-kernel-captures-'));
    capture = join(folder, 'capture.txt');
  });
  after(() => rmSync(folder, { recursive: true }));

  const show =
    (view: string, content?: string | Buffer) =>
    (...flags: string[]) => {
      if (content !== undefined) writeFileSync(capture, content);
      return ctsync(['show', 'conntrack', view, '--from', capture, ...flags]);
    };

  describe('every capture there is makes a valid document', () => {
    for (const [view, members, keys] of [
      ['expect', EXPECTATIONS, 'schema source expectations summary'],
      ['statistics', STATISTICS, 'schema source statistics complete'],
      ['count', COUNTS, 'schema source count complete'],
    ] as const) {
      it(view, async () => {
        for (const [name, bytes] of members) {
          const { stdout, stderr, code } = await show(view, bytes)('--json');
          const document = documentOf(stdout);
          expect(Object.keys(document).join(' '), name).to.equal(keys);
          expect({ stderr, code }, name).to.deep.equal({ stderr: '', code: 0 });
        }
      });
    }

    it('dying, which says which table it is', async () => {
      const { stdout, stderr, code } = await show('dying', DYING)('--json');
      const document = documentOf(stdout);
      expect(Object.keys(document)).to.deep.equal(['schema', 'table', 'source', 'flows', 'summary']);
      expect(document).to.include({ schema: 'ctsync/flow-table/1', table: 'dying' });
      expect(new Set(document.flows!.map((flow) => flow['family']))).to.deep.equal(new Set(['ipv4', 'ipv6']));
      expect(document.flows).to.have.length(77);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    });
  });

  const wrong: [view: string, content: Buffer, found: string][] = [
    ['expect', OTHERS.get('conntrack-L/expect_xml.txt')!, 'looks like conntrack -L expect -o xml'],
    ['expect', OTHERS.get('conntrack-L/extended_id.txt')!, 'looks like conntrack -L -o extended,id'],
    ['expect', CACHES.get('ftfw_mcast2/r1.i_expect.txt')!, 'looks like conntrackd -i expect or -e expect'],
    ['expect', NETLINK, 'looks like conntrack -S'],
    ['expect', Buffer.from('hello\n'), 'holds nothing that is an expectation'],
    ['statistics', Buffer.from(EXPECT), 'looks like conntrack -L expect'],
    ['statistics', OTHERS.get('ftfw_mcast1/r1.s.txt')!, 'looks like conntrackd -s'],
    ['statistics', COUNTS.get('conntrack-L/count.txt')!, 'looks like conntrack -C'],
    ['statistics', Buffer.from('hello\n'), 'holds no counters'],
    ['statistics', Buffer.alloc(0), 'is empty'],
    ['count', PROC, 'looks like /proc/net/stat/nf_conntrack'],
    ['count', NETLINK, 'looks like conntrack -S'],
    ['count', Buffer.from('hello\n'), 'holds no count of flows'],
    ['count', Buffer.alloc(0), 'is empty'],
    ['dying', Buffer.from(EXPECT), 'looks like conntrack -L expect'],
    ['dying', Buffer.from('hello\n'), 'holds nothing that is a flow'],
  ];
  for (const [view, content, found] of wrong) {
    it(`${view} says of another capture that it ${found}`, () =>
      expectFailure(show(view, content), {
        code: 'BAD_CAPTURE',
        message: `${capture} ${found}.`,
        next: READS[view]!,
      }));
  }

  it('statistics refuse a page of which a part is missing', () =>
    expectFailure(show('statistics', NETLINK.subarray(0, -1)), {
      code: 'BAD_CAPTURE',
      message: `${capture}: The counters of connection tracking can not be read: the page ends in the middle of a line.`,
      next: READS['statistics']!,
    }));

  it('what is larger than any page is none', () =>
    expectFailure(show('count', Buffer.alloc(17_000_000, '1')), {
      code: 'BAD_CAPTURE',
      message: `${capture} is larger than any page of conntrack or conntrackd.`,
    }));

  describe('expect', () => {
    const summary = (count: number) => `conntrack v1.4.7 (conntrack-tools): ${count} expectations have been shown.\n`;

    it("is complete where conntrack's summary, in whatever place, says as many", async () => {
      const torn = `${EXPECT.slice(0, 60)}${summary(2)}${EXPECT.slice(60)}`;
      const { stdout, stderr, code } = await show('expect', torn)();
      expect(stdout).to.match(/\n\n2 expectations, complete \(\d+\.\d s\)\.\n$/);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    });

    const incomplete: [what: string, content: string, failure: (name: string) => FailureReport][] = [
      [
        'rows are missing',
        `${EXPECT}${summary(3)}`,
        (name) => ({
          code: 'DUMP_INCOMPLETE',
          message: `${name} holds 2 expectations, but conntrack's summary in it says 3.`,
          next: 'Capture it again: rows were lost.',
        }),
      ],
      [
        'it was cut',
        EXPECT.slice(0, -1),
        (name) => ({
          code: 'DUMP_INCOMPLETE',
          message: `${name} ends in the middle of a line; that line is not shown.`,
          next: 'Capture it again, or add the newline if it was lost on the way.',
        }),
      ],
    ];
    for (const [what, content, failureOf] of incomplete) {
      it(`shows what there is, and that it is not all, where ${what}`, async () => {
        const asText = await show('expect', content)();
        expect(asText.stdout).to.match(/\n\n\d expectations?, INCOMPLETE \(\d+\.\d s\)\.\n$/);
        expect(asText).to.include({ stderr: sentences(failureOf(capture)), code: 4 });
        const asJson = await show('expect', content)('--json');
        expect(documentOf(asJson.stdout)).to.deep.include({ complete: false, error: failureOf(capture) });
        expect(asJson.code).to.equal(4);
      });
    }

    it('has no answer where nothing but a line that was cut is left', () =>
      expectFailure(show('expect', EXPECT.slice(0, 100)), incomplete[1]![2](capture)));

    it('counts lines that are none', async () => {
      const { stdout, stderr, code } = await show('expect', `${EXPECT}hello\n`)();
      expect(stdout).to.match(/\n\n2 expectations, 1 unreadable line, partly unreadable \(\d+\.\d s\)\.\n$/);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 4 });
    });

    it('says of an empty file what it may be', async () => {
      const note = `${capture} is empty: so is the capture of an empty table, and one that failed.`;
      const asText = await show('expect', '')();
      expect(asText).to.include({ stdout: 'No expectations.\n', stderr: `Warning: ${note}\n`, code: 0 });
      const { notes, complete } = documentOf((await show('expect', '')('--json')).stdout);
      expect({ notes, complete }).to.deep.equal({ notes: [note], complete: undefined });
    });
  });

  it('counters keep all their digits in JSON', async () => {
    const page = 'cpu=0   \tfound=9007199254740993 \ncpu=1   \tfound=9007199254740993 \n';
    const { stdout } = await show('statistics', page)('--json');
    expect(stdout.match(/"found": 9007199254740993\b/g)).to.have.length(2);
    expect(stdout).to.include('"found": 18014398509481986');
    documentOf(stdout);
  });

  it('the count of sysctls has the limits and the share that is used', async () => {
    const lines = 'count = 65536\nmax = 262144\nbuckets = 65536\nexpect_max = 1024'.split('\n');
    const content = lines.map((line) => `net.netfilter.nf_conntrack_${line}\n`).join('');
    const { count } = documentOf((await show('count', content)('--json')).stdout);
    expect(count).to.deep.equal({
      ...{ flows: 65536, limit: 262144, used: 0.25, buckets: 65536 },
      expected: { limit: 1024 },
    });
  });

  describe('on a terminal of 80 columns', () => {
    before(function () {
      skipFor(this, terminalUnavailable());
    });
    for (const [view, content] of [
      ['expect', EXPECTATIONS.get('conntrack-L/expect_ipv6.txt')!],
      ['statistics', PROC],
      ['count', COUNTS.get('conntrack-L/count.txt')!],
      ['dying', DYING],
    ] as const) {
      it(`${view} has no line that is wider`, async () => {
        writeFileSync(capture, content);
        const { text, code } = await onTerminal(['show', 'conntrack', view, '--no-color', '--from', capture]);
        expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
        expect(code).to.equal(0);
      });
    }
  });
});
