import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readArchive } from '../support/archive.js';
import { ctsync, fixture } from '../support/ctsync.js';
import { documentOf, type Document } from '../support/documents.js';
import { expectFailure, sentences, USAGE } from '../support/failures.js';
import { skipFor } from '../support/skip.js';
import { onTerminal, terminalUnavailable } from '../support/terminal.js';

const FLOWS = readArchive(fixture('conntrackd-1.4.7/flow-caches.archive'));
const EXPECTATIONS = readArchive(fixture('conntrackd-1.4.7/expectation-caches.archive'));
const KERNEL = readArchive(fixture('conntrack-1.4.7/expectations.archive'));

type Cache = 'internal' | 'external';

/** A capture of each kind of cache. */
const CAPTURES: readonly (readonly [cache: Cache, member: string])[] = [
  ['internal', 'ftfw_mcast1/r1.i_afterclose.txt'],
  ['internal', 'stats/i.txt'],
  ['internal', 'notrack_udp_noint/r1.i.txt'],
  ['external', 'ftfw_mcast1/r2.e.txt'],
  ['external', 'alarm_mcast/r2.e_ct.txt'],
];

/** Questions that every cache can answer, and how grep would answer them. */
const QUESTIONS: readonly (readonly [flags: readonly string[], line: RegExp])[] = [
  [['--protocol', 'tcp'], /^tcp /],
  [['--unreplied'], /\[UNREPLIED\]/],
  [['--state', 'established', '--assured'], /^tcp .* ESTABLISHED .*\[ASSURED\]/],
  [['--filter', 'src net fd91:1::/64 and not udp'], /^(?!udp ).*?src=fd91:1::[^:]* .*/],
  [['--filter', 'zone 5 or mark 3735928559 or helper tftp'], / zone=5\b| mark=3735928559\b| helper=tftp\b/],
  [['--destination', '10.91.2.2:7005'], /^[^=]*src=\S+ dst=10\.91\.2\.2 sport=\d+ dport=7005\b/],
];

const NO_COUNTERS = 'conntrackd keeps no bytes and packets';
const NO_REPLY = 'conntrackd shows no reply tuple there, so neither replies nor translations are known';
const AT_PEER =
  'Ask the internal cache of the node that the flows pass, or "show conntrack table" once they are committed.';

const NO_REPLY_TUPLES = 'The external cache shows no reply tuples: NAT is not known before a commit.';

const REFUSED: readonly (readonly [cache: Cache, flags: readonly string[], what: string, why: string])[] = [
  ['internal', ['--filter', 'bytes eq 0'], '"bytes eq 0"', NO_COUNTERS],
  ['internal', ['--sort=-bytes', '--limit', '3'], '--sort -bytes', NO_COUNTERS],
  ['internal', ['--columns', 'src,reply_packets'], '--columns reply_packets', NO_COUNTERS],
  ['internal', ['--filter', 'timeout lt 30'], '"timeout lt 30"', 'conntrackd keeps no timeouts'],
  ['internal', ['--id', '5'], '"id 5"', 'conntrackd shows no ids'],
  ['external', ['--filter', 'bytes eq 0'], '"bytes eq 0"', NO_COUNTERS],
  ['external', ['--nat', 'src'], '"snat"', NO_REPLY],
  ['external', ['--filter', 'tcp and not natted-to 10.91.2.1'], '"natted-to 10.91.2.1"', NO_REPLY],
  ['external', ['--filter', 'reply port 53'], '"reply port 53"', NO_REPLY],
  ['external', ['--sort', 'reply-src'], '--sort reply-src', NO_REPLY],
  ['external', ['--columns', 'src,nat'], '--columns nat', NO_REPLY],
];

describe('contract: questions about captured caches', () => {
  let folder: string;
  let capture: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-cache-captures-'));
    capture = join(folder, 'capture.txt');
  });
  after(() => rmSync(folder, { recursive: true }));

  const show =
    (cache: Cache, content: string | Buffer, ...words: string[]) =>
    (...flags: string[]) => {
      writeFileSync(capture, content);
      return ctsync(['show', 'conntrack-sync', 'cache', cache, ...words, '--from', capture, ...flags]);
    };

  async function shown(cache: Cache, content: string | Buffer, ...flags: string[]): Promise<Document> {
    const { stdout, stderr, code } = await show(cache, content)(...flags, '--json');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    return documentOf(stdout);
  }

  describe('flows', () => {
    for (const [cache, member] of CAPTURES) {
      it(`of ${member} are picked and counted as grep does it`, async () => {
        const dump = FLOWS.get(member)!;
        const lines = dump.toString().trimEnd().split('\n');
        for (const [flags, line] of QUESTIONS) {
          const expected = lines.filter((text) => line.test(text)).length;
          const what = `${flags.join(' ')} of ${member}`;
          const { stdout, code } = await show(cache, dump)(...flags, '--count');
          expect({ stdout, code }, what).to.deep.equal({ stdout: `${expected}\n`, code: 0 });
          const exists = await show(cache, dump)(...flags, '--exists');
          expect(exists, what).to.include(expected > 0 ? { stdout: 'yes\n', code: 0 } : { stdout: 'no\n', code: 5 });
        }
      });
    }

    for (const [cache, flags, what, why] of REFUSED) {
      it(`of the ${cache} cache are not guessed: ${flags.join(' ')}`, () => {
        const dump = FLOWS.get(cache === 'internal' ? 'ftfw_mcast1/r1.i.txt' : 'ftfw_mcast1/r2.e.txt')!;
        const message = `${what} can not be told from the ${cache} cache: ${why}.`;
        const next = why === NO_REPLY ? AT_PEER : 'Ask "show conntrack table".';
        const output = flags.includes('--columns') ? ['--flat', '--format', 'json'] : [];
        const run = (...more: string[]) => show(cache, dump)(...flags, ...(more.length === 0 ? [] : output), ...more);
        return expectFailure(run, { code: 'USAGE', message, next }, USAGE);
      });
    }

    it("of the kernel's table in the place of an internal cache have what that has", async () => {
      const dump = FLOWS.get('notrack_udp_noint/r1.i.txt')!;
      const lines = dump.toString().trimEnd().split('\n');
      const bytes = (line: string): number =>
        [...line.matchAll(/ bytes=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
      const { stdout } = await show('internal', dump)('--filter', 'bytes gt 300 and timeout gt 1h', '--count');
      const expected = lines.filter((line) => bytes(line) > 300 && Number(line.split(/ +/)[2]) > 3600);
      expect(stdout).to.equal(`${expected.length}\n`);
      const sorted = await show('internal', dump)('--sort=-bytes', '--limit', '3', '--json');
      const { flows } = documentOf(sorted.stdout);
      const largest = lines.map(bytes).sort((a, b) => b - a);
      const counters = flows!.map(({ original, reply }) => [original, reply] as { bytes: number }[]);
      expect(counters.map(([a, b]) => a!.bytes + b!.bytes)).to.deep.equal(largest.slice(0, 3));
    });

    it('of the external cache are looked for in one direction, and it is said where a filter means both', async () => {
      const dump = FLOWS.get('ftfw_mcast1/r2.e.txt')!;
      const note = '"port 53": looked for in the original direction only, the external cache has no reply tuple.';
      const asText = await show('external', dump)('--port', '53', '--count');
      expect(asText).to.include({ stdout: '2\n', stderr: `Warning: ${note}\n`, code: 0 });
      for (const flags of [['--count'], ['--exists'], [], ['--limit', '1']])
        expect(
          documentOf((await show('external', dump)('--port', '53', ...flags, '--json')).stdout).notes,
        ).to.deep.equal(flags[0]?.startsWith('--c') || flags[0]?.startsWith('--e') ? [note] : [NO_REPLY_TUPLES, note]);
    });

    it('of the external cache have no reply tuple: it is said below the table and in the document, and nowhere else', async () => {
      const dump = FLOWS.get('ftfw_mcast1/r2.e.txt')!;
      for (const flags of [[], ['--wide'], ['--sort', 'src'], ['--limit', '1']]) {
        const table = await show('external', dump)(...flags);
        expect(table, flags.join(' ')).to.include({ stderr: '', code: 0 });
        expect(table.stdout).to.match(new RegExp(`\n\n.* in the external cache\\.\n${NO_REPLY_TUPLES}\n$`));
        expect((await shown('external', dump, ...flags.filter((flag) => flag !== '--wide'))).notes).to.deep.equal([
          NO_REPLY_TUPLES,
        ]);
      }
      for (const flags of [['--format', 'csv'], ['--format', 'ndjson'], ['--count'], ['--exists']]) {
        const rows = await show('external', dump)(...flags);
        expect(rows, flags.join(' ')).to.include({ stderr: '', code: 0 });
        expect(rows.stdout).to.not.include('reply tuple');
      }
      const lines = (await show('external', dump)('--format', 'ndjson', '--summary')).stdout.trimEnd().split('\n');
      expect(documentOf(lines.at(-1)!).notes).to.deep.equal([NO_REPLY_TUPLES]);
      const none = await show('external', dump)('--protocol', 'esp', '--json');
      expect(documentOf(none.stdout)).to.not.have.property('notes');
    });

    it("of the kernel's table in the place of an internal cache are said to be that, unfiltered", async () => {
      const note = "This is the kernel's table, unfiltered (DisableInternalCache is on).";
      const run = show('internal', FLOWS.get('notrack_udp_noint/r1.i.txt')!);
      expect(await run()).to.include({ stderr: `Warning: ${note}\n`, code: 0 });
      expect(documentOf((await run('--json')).stdout).notes).to.deep.equal([note]);
    });

    it('come in an order, up to a limit, and it is said what was looked at', async () => {
      const dump = FLOWS.get('ftfw_mcast1/r2.e.txt')!;
      const lines = dump.toString().trimEnd().split('\n');
      const sorted = await shown('external', dump, '--protocol', 'tcp', '--sort=-sport', '--limit', '2');
      const ports = lines.filter((line) => line.startsWith('tcp')).map((line) => Number(/ sport=(\d+)/.exec(line)![1]));
      const shownPorts = sorted.flows!.map(({ original }) => (original as { sport: number }).sport);
      expect(shownPorts).to.deep.equal(ports.toSorted((a, b) => b - a).slice(0, 2));
      expect(sorted.summary).to.include({ shown: 2, matched: ports.length, scanned: lines.length });
      const limited = await shown('external', dump, '--limit', '2');
      expect(limited.summary).to.include({ shown: 2, limited: true }).and.to.not.have.any.keys('matched', 'scanned');
      const { stdout } = await show('external', dump)('--protocol', 'tcp');
      expect(stdout).to.match(
        new RegExp(
          `\n\n${ports.length} matching flows in the external cache \\(${lines.length} looked at\\)\\.\n${NO_REPLY_TUPLES}\n$`,
        ),
      );
    });

    it('are written in every form, which says which cache it is', async () => {
      const dump = FLOWS.get('ftfw_mcast1/r1.i.txt')!;
      const one = ['--filter', 'src port 40001'];
      const flat = await shown('internal', dump, ...one, '--flat');
      expect(flat).to.include({ schema: 'ctsync/flow-table-flat/1', cache: 'internal' });
      expect(flat.flows![0]).to.include({ original_sport: 40001, active_since: 8 });
      const nested = await shown('internal', dump, ...one);
      expect(nested).to.include({ schema: 'ctsync/flow-cache/1', cache: 'internal' });
      const lines = await show('internal', dump)(...one, '--format', 'ndjson', '--summary');
      const [flow, summary] = lines.stdout.trimEnd().split('\n') as [string, string];
      expect(JSON.parse(flow)).to.deep.equal(nested.flows![0]);
      expect(documentOf(summary)).to.include({ schema: 'ctsync/summary/1', cache: 'internal' });
      const csv = await show('internal', dump)(...one, '--format', 'csv', '--columns', 'src,dport,state,active_since');
      expect(csv.stdout).to.equal('original_src,original_dport,state,active_since\r\n10.91.1.2,80,ESTABLISHED,8\r\n');
      const wide = await show('internal', dump)(...one, '--wide');
      expect(wide.stdout).to.match(
        /^ORIGINAL SOURCE .* CACHED FOR\n10\.91\.1\.2:40001 .* 8 s\n\n1 matching flow in the/,
      );
    });

    it('that are cut are INCOMPLETE, however they are asked for', async () => {
      const dump = FLOWS.get('ftfw_mcast1/r1.i.txt')!;
      const cut = dump.subarray(0, -30);
      const failure = {
        code: 'DUMP_INCOMPLETE',
        message: `${capture} ends in the middle of a line; that line is not shown.`,
        next: 'Capture it again, or add the newline if it was lost on the way.',
      } as const;
      const lines = cut.toString().split('\n').slice(0, -1);
      const tcp = lines.filter((line) => line.startsWith('tcp')).length;
      for (const [flags, ending] of [
        [['--count'], new RegExp(`^${tcp}, INCOMPLETE\n$`)],
        [
          [],
          new RegExp(`\n${tcp} matching flows in the internal cache, INCOMPLETE \\(${lines.length} looked at\\)\\.\n$`),
        ],
        [['--sort', 'src'], /, INCOMPLETE \(/],
        [['--format', 'ndjson'], /\n\{"schema":"ctsync\/summary\/1",.*"complete":false,"error".*\}\n$/],
      ] as const) {
        const outcome = await show('internal', cut)('--protocol', 'tcp', ...flags);
        expect(outcome.stdout, flags.join(' ')).to.match(ending);
        expect(outcome, flags.join(' ')).to.include({ stderr: sentences(failure), code: 4 });
      }
      const none = await show('internal', cut)('--protocol', 'esp', '--exists');
      expect(none).to.include({ stdout: 'unknown\n', code: 4 });
    });

    it('--explain runs nothing, and says so', async () => {
      const { stdout } = await show('internal', FLOWS.get('stats/i.txt')!)('--protocol', 'tcp', '--explain');
      expect(stdout).to.equal(`conntrackd is not run: ctsync reads ${capture}, and filters it itself.\n`);
    });
  });

  describe('expectations', () => {
    it('of every capture make a valid document', async () => {
      for (const [name, bytes] of EXPECTATIONS) {
        if (bytes.length === 0) continue;
        const cache = name.includes('i_expect') ? 'internal' : 'external';
        const { stdout, stderr, code } = await show(cache, bytes, 'expect')('--json');
        const document = documentOf(stdout);
        expect(Object.keys(document).join(' '), name).to.equal('schema cache source expectations summary');
        expect(document, name).to.include({ schema: 'ctsync/expectation-cache/1', cache });
        const found = document['expectations'] as { helper: string; active_since: number }[];
        expect(found, name).to.have.length(2);
        for (const { helper, active_since } of found) expect([helper, active_since >= 0]).to.deep.equal(['ftp', true]);
        expect({ stderr, code }, name).to.deep.equal({ stderr: '', code: 0 });
      }
    });

    it('come through a pipe, too', async () => {
      for (const [words, input] of [
        [['external', 'expect'], EXPECTATIONS.get('ftfw_mcast2/r2.e_expect.txt')!],
        [['external'], FLOWS.get('ftfw_mcast1/r2.e.txt')!],
      ] as const) {
        const args = ['show', 'conntrack-sync', 'cache', ...words, '--from', '-'];
        const outcome = await ctsync(args, { input: input.toString() });
        expect(outcome).to.include({ stderr: '', code: 0 });
        expect(outcome.stdout.split('\n').length).to.be.greaterThan(2);
      }
    });

    it('main is what is shown where nothing is said', async () => {
      const dump = FLOWS.get('ftfw_mcast1/r1.i.txt')!;
      const [usual, main] = [await show('internal', dump)('--count'), await show('internal', dump, 'main')('--count')];
      expect(main).to.deep.equal(usual);
    });

    const READS = 'This command reads the output of conntrackd -e expect.';
    for (const [what, content, found, toolSays] of [
      ["the kernel's", KERNEL.get('conntrack-L/expect.txt')!, 'looks like conntrack -L expect'],
      ['flows', FLOWS.get('ftfw_mcast1/r2.e.txt')!, 'looks like conntrackd -e'],
      ['no output at all', Buffer.from('hello\n'), 'holds nothing that is an expectation'],
      [
        'an error',
        Buffer.from("[Sun Nov 22 13:53:29 2026] (pid=1) [ERROR] can't connect: is conntrackd running?\n"),
        'holds nothing that is an expectation',
        "can't connect: is conntrackd running?",
      ],
    ] as const) {
      it(`are not taken from ${what}`, () =>
        expectFailure(show('external', content, 'expect'), {
          code: 'BAD_CAPTURE',
          message: `${capture} ${found}.`,
          ...(toolSays === undefined ? {} : { tool_says: toolSays }),
          next: READS,
        }));
    }

    it('are not known to be none where a capture holds nothing', async () => {
      const notice = '[Sun Nov 22 13:32:36 2026] (pid=1) [warning] deprecated unix backlog configuration, ignoring.\n';
      for (const [content, note] of [
        ['', 'is empty: so is the capture of an empty cache, and one that failed.'],
        [notice, 'holds messages of conntrackd and no expectation: so does the capture of an empty cache, and a log.'],
      ] as const) {
        const outcome = await show('internal', content, 'expect')();
        const stdout = 'No expectations in the internal cache.\n';
        expect(outcome).to.include({ stdout, stderr: `Warning: ${capture} ${note}\n`, code: 0 });
      }
    });

    for (const [flags, refused] of [
      [['--protocol', 'tcp'], '--protocol'],
      [['--sort', 'src'], '--sort'],
      [['--limit', '0'], '--limit'],
      [['--count'], '--count'],
      [['--explain'], '--explain'],
      [['--wide'], '--wide'],
      [['--format', 'csv'], '--format csv'],
    ] as const) {
      it(`take no ${refused}`, async () => {
        const { stdout, stderr, code } = await show('internal', '', 'expect')(...flags);
        const message = `${refused} is for flows, and "expect" shows expectations.`;
        const next = 'Leave it out, or ask for the flows: main.';
        expect({ stdout, stderr, code }).to.deep.equal({
          stdout: '',
          stderr: sentences({ code: 'USAGE', message, next }),
          code: 2,
        });
      });
    }

    it('and flows are all that a cache holds', async () => {
      const { stderr, code } = await show('internal', '', 'expects')();
      expect(stderr).to.match(/^Error: Expected expects to be one of: main, expect\. \[USAGE\]\n/);
      expect(code).to.equal(2);
    });
  });

  describe('on a terminal of 80 columns', () => {
    before(function () {
      skipFor(this, terminalUnavailable());
    });
    for (const [words, content] of [
      [['internal', '--wide'], FLOWS.get('ftfw_mcast1/r1.i.txt')!],
      [['internal', '--wide'], FLOWS.get('notrack_udp_noint/r1.i.txt')!],
      [['external', '--protocol', 'tcp', '--wide'], FLOWS.get('alarm_mcast/r2.e.txt')!],
      [['external', '--sort', 'dst'], FLOWS.get('ftfw_mcast1/r2.e.txt')!],
      [['external', 'expect'], EXPECTATIONS.get('ftfw_mcast2/r2.e_expect.txt')!],
    ] as const) {
      it(`cache ${words.join(' ')} has no line that is wider`, async () => {
        writeFileSync(capture, content);
        const argv = ['show', 'conntrack-sync', 'cache', ...words, '--no-color', '--from', capture];
        const { text, code } = await onTerminal(argv);
        expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
        expect(code).to.equal(0);
      });
    }
  });
});
