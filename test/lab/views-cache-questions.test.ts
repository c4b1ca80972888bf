import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import type { ExpectationCacheDocument, FlowCacheDocument, FlowMatchesDocument } from '../../src/model/documents.js';
import type { LabOptions } from './options.js';
import { LAN } from './plan.js';
import { addFlows, answer, ask, document, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

type Cache = 'internal' | 'external';

const FLOWS = 300;

/** Questions that every cache can answer, and the lines of conntrackd's own dump that answer them. */
const QUESTIONS: readonly (readonly [flags: string, line: RegExp])[] = [
  ['--protocol udp', /^udp /],
  ['--state established', /^tcp .* ESTABLISHED /],
  ['--unreplied', /\[UNREPLIED\]/],
  ['--assured --protocol tcp', /^tcp .*\[ASSURED\]/],
  ['--source 10.35.100.87 --filter not dst port 53', /src=10\.35\.100\.87 dst=\S+ (?!sport=\d+ dport=53 )/],
  ['--destination 172.31.20.100:53', /^[^=]*src=\S+ dst=172\.31\.20\.100 sport=\d+ dport=53 /],
];

interface Variant {
  title: string;
  options: LabOptions;
  /** Which caches are asked, and where. */
  caches: readonly (readonly [cache: Cache, router: 'r1' | 'r2'])[];
  /** What is said beside every answer of the internal cache, and of the external one. */
  notes?: Partial<Record<Cache, RegExp>>;
  /** False where conntrackd tells nothing that an answer could be held against. */
  judged?: boolean;
  stats?: boolean;
}

const BOTH = [
  ['internal', 'r1'],
  ['external', 'r2'],
] as const;

const VARIANTS: readonly Variant[] = [
  { title: 'FTFW', options: {}, caches: BOTH },
  { title: 'NOTRACK', options: { mode: 'notrack' }, caches: BOTH },
  { title: 'ALARM', options: { mode: 'alarm' }, caches: BOTH },
  {
    title: 'FTFW without an external cache',
    options: { disableExternalCache: true },
    caches: BOTH,
    notes: { external: /^DisableExternalCache is on: / },
  },
  {
    title: 'NOTRACK without an internal cache',
    options: { mode: 'notrack', disableInternalCache: true },
    caches: [['internal', 'r1']],
    notes: { internal: /^DisableInternalCache is on: / },
    judged: false,
  },
  { title: 'statistics mode', options: {}, caches: [['internal', 'r1']], stats: true },
];

for (const { title, options, caches, notes = {}, judged = true, stats = false } of VARIANTS) {
  describe(`questions about the caches of a live pair: ${title}`, function () {
    this.timeout(90_000);
    const pair = pairFor({ ...options, keepalived: false });
    const at = (router: 'r1' | 'r2'): Place => ({ lab: pair(), router });

    before(async () => {
      const lab = pair();
      if (stats) await intoStatisticsMode(at('r1'));
      await addFlows(at('r1'), FLOWS);
      await lab.exec('r1', ['sh', '-c', MORE_FLOWS]);
      if (!stats && !options.disableInternalCache) await lab.r1.ask('-B');
      await lab.waitFor(async () => (await dump(at('r1'), 'internal')).length >= FLOWS + 4, { what: 'the flows' });
      if (stats || options.disableExternalCache || options.disableInternalCache) return;
      await lab.waitFor(async () => (await dump(at('r2'), 'external')).length >= FLOWS + 4, {
        what: 'the flows in r2',
      });
    });

    for (const [cache, router] of caches) {
      const command = `show conntrack-sync cache ${cache}`;
      const note = notes[cache];
      const checkNotes = (said: readonly string[] = []): void => {
        expect(said).to.have.length(note === undefined ? 0 : 1);
        if (note !== undefined) expect(said[0]).to.match(note);
      };

      it(`${cache}: filters and counts agree with grep on conntrackd's own dump`, async () => {
        for (const [flags, line] of QUESTIONS) {
          const expected = (await dump(at(router), cache)).filter((text) => line.test(text)).length;
          const counted = await document<FlowMatchesDocument>(at(router), `${command} ${flags} --count`);
          expect(counted.count, flags).to.equal(expected);
          expect(counted.complete).to.equal(judged ? true : undefined);
          checkNotes(counted.notes);
          const listed = await document<FlowCacheDocument>(at(router), `${command} ${flags}`);
          expect(listed.flows, flags).to.have.length(expected);
          expect(listed.summary.matched).to.equal(expected);
          expect(listed.complete).to.equal(judged ? true : undefined);
          const { code, stdout } = await ask(at(router), `${command} ${flags} --exists`);
          expect({ code, stdout }, flags).to.deep.equal(
            expected > 0 ? { code: 0, stdout: 'yes\n' } : { code: 5, stdout: 'no\n' },
          );
        }
      });

      it(`${cache}: an order is one of all flows, and a limit ends the dump without harm`, async () => {
        const before = await childrenFailed(at(router));
        const ports = (await dump(at(router), cache))
          .flatMap((text) => / sport=(\d+)/.exec(text)?.[1] ?? [])
          .map(Number);
        const sorted = await document<FlowCacheDocument>(at(router), `${command} --sort=-sport --limit 3`);
        const largest = ports.sort((a, b) => b - a).slice(0, 3);
        expect(sorted.flows.map(({ original }) => original.sport)).to.deep.equal(largest);
        expect(sorted.complete).to.equal(judged ? true : undefined);
        const limited = await document<FlowCacheDocument>(at(router), `${command} --limit 2`);
        // Of a cache without flows the end is reached, and nothing is left open.
        expect(limited.complete).to.equal(ports.length === 0 ? true : undefined);
        expect(limited.flows).to.have.length(Math.min(2, ports.length));
        checkNotes(limited.notes?.filter((each) => !each.startsWith('The external cache shows no reply tuples')));
        expect(await childrenFailed(at(router))).to.equal(before);
        expect((await document<FlowCacheDocument>(at(router), command)).complete).to.equal(judged ? true : undefined);
      });
    }

    it('says what a cache can not tell, and tells it where conntrackd shows the kernel instead', async () => {
      const { code, document: counted } = await answer<FlowMatchesDocument>(
        at('r1'),
        'show conntrack-sync cache internal --filter timeout gt 1 --count',
      );
      if (judged) {
        expect(code).to.equal(2);
        expect(counted.error?.message).to.equal(
          '"timeout gt 1" can not be told from the internal cache: conntrackd keeps no timeouts.',
        );
      } else {
        expect(code).to.equal(0);
        expect(counted.count).to.be.at.least(FLOWS);
      }
    });
  });
}

describe('the expectation caches of a live pair', function () {
  this.timeout(90_000);

  describe('FTFW', () => {
    const pair = pairFor({ keepalived: false });
    const r1 = (): Place => ({ lab: pair(), router: 'r1' });
    const r2 = (): Place => ({ lab: pair(), router: 'r2' });

    before(() => expectData(r1()));

    it('have in both nodes what the kernel of one of them expects', async () => {
      const lab = pair();
      await lab.waitFor(async () => (await lab.r2.ask('-e', 'expect')) !== '', { what: 'the expectation in r2' });
      for (const [place, cache, option] of [
        [r1(), 'internal', '-i'],
        [r2(), 'external', '-e'],
      ] as const) {
        const shown = await document<ExpectationCacheDocument>(place, `show conntrack-sync cache ${cache} expect`);
        expect(shown).to.include({ schema: 'ctsync/expectation-cache/1', cache, complete: true });
        const printed = (await lab[place.router].ask(option, 'expect')).trimEnd().split('\n');
        expect(shown.expectations).to.have.length(printed.length);
        const [expectation] = shown.expectations;
        expect(expectation).to.deep.include({ family: 'ipv4', protocol: { name: 'tcp', number: 6 }, helper: 'ftp' });
        expect(expectation?.tuple).to.include({ src: OWN, dst: OWN, dport: 50_000 });
        expect(await page(place, `show conntrack-sync cache ${cache} expect`)).to.match(
          new RegExp(`\n\n1 expectation in the ${cache} cache, complete \\(\\d+\\.\\d s\\)\\.\n$`),
        );
      }
    });

    it('are empty where there are none, and that is the whole answer', async () => {
      const shown = await document<ExpectationCacheDocument>(r1(), 'show conntrack-sync cache external expect');
      expect(shown).to.deep.include({ expectations: [], complete: true }).and.to.not.have.property('notes');
      expect(await page(r1(), 'show conntrack-sync cache external expect')).to.equal(
        'No expectations in the external cache.\n',
      );
    });
  });

  for (const [title, options, cache, note, complete] of [
    [
      'ExpectationSync off',
      { expectationSync: false },
      'internal',
      'ExpectationSync is off: conntrackd keeps no',
      true,
    ],
    [
      'ExpectationSync off',
      { expectationSync: false },
      'external',
      'ExpectationSync is off: conntrackd keeps no',
      true,
    ],
    [
      'NOTRACK without an internal cache',
      { mode: 'notrack', disableInternalCache: true },
      'internal',
      'DisableInternalCache is on: conntrackd keeps no internal cache, and shows no expectations.',
      undefined,
    ],
    [
      'FTFW without an external cache',
      { disableExternalCache: true },
      'external',
      'DisableExternalCache is on: conntrackd keeps no external cache',
      true,
    ],
  ] as const satisfies readonly (readonly [string, LabOptions, Cache, string, boolean | undefined])[]) {
    describe(`${title}, ${cache}`, () => {
      const pair = pairFor({ ...options, keepalived: false });
      const r1 = (): Place => ({ lab: pair(), router: 'r1' });

      before(() => expectData(r1()));

      it('say why they are empty although the kernel expects something', async () => {
        const shown = await document<ExpectationCacheDocument>(r1(), `show conntrack-sync cache ${cache} expect`);
        expect(shown.expectations).to.deep.equal([]);
        expect(shown.notes).to.have.length(1);
        expect(shown.notes![0]!.startsWith(note)).to.equal(true, shown.notes![0]);
        expect(shown.complete).to.equal(complete);
      });
    });
  }

  describe('statistics mode', () => {
    const pair = pairFor({ keepalived: false });

    it('has none, and says so', async () => {
      const r1: Place = { lab: pair(), router: 'r1' };
      await intoStatisticsMode(r1);
      const shown = await document<ExpectationCacheDocument>(r1, 'show conntrack-sync cache internal expect');
      expect(shown).to.deep.include({ expectations: [], complete: true });
      expect(shown.notes).to.deep.equal(['conntrackd keeps no expectations in statistics mode.']);
    });
  });
});

/** TCP flows, answered and not, one of them translated. */
const MORE_FLOWS = `
add() { conntrack -I -p tcp -t 600 "$@" > /dev/null 2>&1; }
add --state ESTABLISHED -u ASSURED,SEEN_REPLY -s 10.35.100.87 -d 172.31.20.12 --sport 4001 --dport 22
add --state ESTABLISHED -u ASSURED,SEEN_REPLY -s 10.35.100.87 -d 172.31.20.12 -q 172.31.20.1 -r 172.31.20.12 --sport 4002 --dport 80 --reply-port-src 80 --reply-port-dst 4002
add --state SYN_SENT -s 10.35.100.87 -d 172.31.20.99 --sport 4003 --dport 443
add --state TIME_WAIT -u ASSURED,SEEN_REPLY -s fd35:100::87 -d fd31:20::12 --sport 4004 --dport 22`;

/** A router's FTP session with itself, which announces a data connection: its kernel expects that, and conntrackd hears of it. */
async function expectData({ lab, router }: Place): Promise<void> {
  const { code, stderr } = await lab.exec(router, ['sh', '-ec', FTP, process.execPath, lab[router].file('ftp.mjs')]);
  if (code !== 0) throw new Error(stderr);
}

const OWN = LAN.ipv4.router('r1');
const FTP = `
nft -f - << 'END'
table inet ftp {
  ct helper ftp { type "ftp" protocol tcp; }
  chain output { type filter hook output priority 0; tcp dport 21 ct helper set "ftp"; }
}
END
cat > "$1" << 'END'
import { connect, createServer } from 'node:net';
// The helper reads a line only behind one that it has seen.
const lines = ['USER anonymous', 'PORT ${OWN.replaceAll('.', ',')},195,80'];
createServer((socket) => {
  socket.write('220 ready\\r\\n');
  socket.on('data', () => socket.write('200 ok\\r\\n'));
}).listen(21, '${OWN}', () => {
  connect(21, '${OWN}').on('data', function () {
    if (lines.length > 0) this.write(lines.shift() + '\\r\\n');
  });
});
setTimeout(() => process.exit(), 120_000);
END
"$0" "$1" > /dev/null 2>&1 < /dev/null &
for _ in $(seq 100); do
  grep -q . /proc/net/nf_conntrack_expect && exit
  sleep 0.05
done
exit 1`;

async function intoStatisticsMode({ lab, router }: Place): Promise<void> {
  const node = lab[router];
  await node.conntrackd.stop();
  const file = node.file('conntrackd.conf');
  const stats = `Stats {\n    LogFile ${node.file('ended-flows.log')}\n}`;
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^Sync \{[^]*?^\}/m, stats));
  await node.startDaemon();
}

/** The lines of conntrackd's own dump. */
async function dump({ lab, router }: Place, cache: Cache): Promise<string[]> {
  const text = await lab[router].ask(cache === 'internal' ? '-i' : '-e');
  return text.split('\n').filter((line) => line !== '');
}

/** conntrackd's counters of children that did not end well. */
async function childrenFailed({ lab, router }: Place): Promise<string> {
  const text = await lab[router].ask('-s', 'runtime');
  return [...text.matchAll(/child process \w+:\s+\d+/g)].join('\n');
}
