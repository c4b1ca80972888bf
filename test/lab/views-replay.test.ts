import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Lab } from './lab.js';
import type { LabOptions } from './options.js';
import { type Outcome, run } from './run.js';
import { addFlows, linksRunning, pairFor } from './views-support.js';

/** What passes with the time, where nothing else happens; and where an answer comes from. */
const OF_THE_CLOCK = new Set([
  ...['collected_at', 'source', 'elapsed_ms', 'timeout', 'delta_time', 'active_since', 'expires_in'],
  ...['uptime', 'uptime_seconds', 'sent', 'received', 'sampled_seconds'],
]);

const LINK_PORT = 3780;

const COMMANDS = [
  'show conntrack table ipv4',
  'show conntrack table ipv6',
  'show conntrack table',
  'show conntrack table ipv4 --port 22 --sort=-bytes --limit 3',
  'show conntrack table ipv4 --unreplied --count',
  'show conntrack table ipv4 --format csv --columns original_src,original_dport,id --source 10.35.100.87',
  'show conntrack top --by src',
  'show conntrack count',
  'show conntrack statistics',
  'show conntrack expect',
  'show conntrack dying',
  'show conntrack-sync cache internal',
  'show conntrack-sync cache external',
  'show conntrack-sync cache internal expect',
  'show conntrack-sync statistics',
  'show conntrack-sync statistics network',
  'show conntrack-sync statistics process',
  'show conntrack-sync status --verbose',
  'show conntrack-sync status --no-sample',
  'show log conntrack-sync',
  'show log conntrack-sync --since 1h',
  'show conntrack-sync history',
  'check conntrack-sync',
  'check conntrack',
  'export prometheus',
  'export prometheus --flows',
  'export openmetrics',
];

/** The resend queue is another one from moment to moment, where the peer is talked to. */
const OF_A_STILL_PAIR = ['show conntrack-sync statistics --all', 'show conntrack-sync statistics rsqueue'];
const WITHOUT_JSON = /--format|^export/;

describe('a support bundle in the place of its host', function () {
  this.timeout(300_000);

  // Nothing is sent on this pair while nobody asks for it.
  describe('of a pair on which nothing happens', () => {
    const made = bundleFor({ mode: 'notrack', keepalived: false, startupResync: true }, (lab) =>
      addFlows({ lab, router: 'r1' }, 300),
    );
    it('answers every command as the host did, the clock aside', () =>
      expectSame(made, [...COMMANDS, ...OF_A_STILL_PAIR], (text) => document(text, atRest), times));
  });

  describe('of a pair that lives', () => {
    const made = bundleFor({}, async (lab) => {
      await lab.traffic.mixed();
      // What a node did last is judged once it has had time to do it.
      await sleep(15_000);
    });
    it('answers every command with the same words', () =>
      expectSame(made, COMMANDS, (text) => document(text, withoutFigures), figures));
  });
});

describe('a support bundle of a daemon that does not answer', function () {
  this.timeout(300_000);
  const LOOKS = ['show conntrack-sync status', 'show conntrack-sync cache internal', 'export prometheus'].map(
    (command) => `${command} --timeout 2`,
  );
  const CHECKS = ['check conntrack-sync', 'show log conntrack-sync', 'show conntrack count'];

  describe('because it hangs', () => {
    const made = bundleFor(
      { keepalived: false },
      (lab) => Promise.resolve(process.kill(lab.r1.conntrackd.pid!, 'SIGSTOP')),
      ['--timeout', '2'],
    );
    it('tells of it as the host did', () =>
      expectSame(made, [...LOOKS, ...CHECKS], (text) => document(text, withoutFigures), figures));
  });

  describe('because it was killed', () => {
    const made = bundleFor({ keepalived: false }, (lab) => lab.r1.conntrackd.kill());
    it('tells of it as the host did', () =>
      expectSame(made, [...LOOKS, ...CHECKS], (text) => document(text, withoutFigures), figures));
  });
});

interface Made {
  (): { ask: (words: readonly string[]) => Promise<Outcome>; bundle: string };
}

/** A bundle of the first router, whose flows last for as long as the tests. */
function bundleFor(options: LabOptions, fill: (lab: Lab) => Promise<unknown>, flags: readonly string[] = []): Made {
  const pair = pairFor(options);
  let bundle = '';
  before(async () => {
    const lab = pair();
    const forever = 'for f in /proc/sys/net/netfilter/*_timeout*; do echo 3600 >$f; done';
    for (const router of ['r1', 'r2'] as const) await lab.exec(router, ['sh', '-c', forever]);
    await linksRunning(lab);
    await fill(lab);
    bundle = lab.r1.file('r1.tar.gz');
    const made = await lab.ctsync('r1', ['generate', 'support-bundle', '--output', bundle, ...flags], { seconds: 120 });
    expect(made.stderr).to.equal('');
    expect(made.code).to.be.oneOf([0, 4]);
  });
  return () => ({ ask: (words) => pair().ctsync('r1', words), bundle });
}

/** Far from the lab, without a variable of it. */
function replayed(bundle: string, words: readonly string[]): Promise<Outcome> {
  return run([process.execPath, 'bin/run.js', ...words, '--from', bundle]);
}

async function expectSame(
  made: Made,
  commands: readonly string[],
  ofDocument: (text: string) => string,
  ofPage: (text: string) => string,
): Promise<void> {
  const { ask, bundle } = made();
  const comparable = ({ stdout, stderr, code }: Outcome): string =>
    [code, stderr, stdout.startsWith('{') ? ofDocument(stdout) : ofPage(stdout)].join('\n');
  const wrong: string[] = [];
  for (const command of commands) {
    for (const words of WITHOUT_JSON.test(command) ? [command] : [command, `${command} --json`]) {
      const outcome = await ask(words.split(' '));
      if (!words.startsWith('check')) expect(outcome.code, words).to.not.equal(2);
      const live = comparable(outcome);
      const kept = comparable(await replayed(bundle, words.split(' ')));
      if (live !== kept) wrong.push(`ctsync ${words}`, ...differences(live, kept));
    }
  }
  expect(wrong.join('\n')).to.equal('');
}

function differences(live: string, kept: string): string[] {
  const [was, is] = [live.split('\n'), kept.split('\n')];
  const only = (lines: string[], others: string[], sign: string): string[] =>
    lines.filter((line) => !others.includes(line)).map((line) => `${sign} ${line}`);
  const lines = [...only(was, is, 'live  '), ...only(is, was, 'bundle')];
  return lines.length > 0 ? lines.slice(0, 40) : ['the lines come in another order, or another number'];
}

function document(text: string, take: (key: string, value: unknown) => unknown): string {
  return JSON.stringify(JSON.parse(text, take), null, 1);
}

/** The daemons say each second that they are alive, and nothing else moves. */
function atRest(key: string, value: unknown): unknown {
  if (OF_THE_CLOCK.has(key)) return undefined;
  if ((value as { name?: unknown } | null)?.name === 'uptime') return undefined;
  const { dport, packets: _, bytes: __, ...tuple } = (value ?? {}) as Record<string, unknown>;
  return dport === LINK_PORT ? { dport, ...tuple } : value;
}

function withoutFigures(key: string, value: unknown): unknown {
  if (key === 'source') return undefined;
  if (typeof value === 'string') return figures(value);
  return typeof value === 'number' ? 0 : value;
}

/** Times left, of the day and between samples, and what the daemons say each second. */
function times(text: string): string {
  return text
    .replace(/ \d+$|\b[\d.]+ m?s\b|\d\d:\d\d:\d\d(?:\.\d+)?Z?/gm, ' #')
    .replace(/^.*(?:Pckts|Bytes) (?:sent|recv)/gm, (line) => line.replace(/\d+/g, '#'))
    .replace(/uptime(?:: .*|=\d+s)/g, 'uptime')
    .replace(/^(ctsync_collect\S*) .*/gm, '$1')
    .replace(/[ \t]+/g, ' ');
}

function figures(text: string): string {
  return text
    .replace(/\d+/g, '#')
    .replace(/(?:# (?:d|h|min|s) )+ago/g, '# ago')
    .replace(/[ \t]+/g, ' ')
    .replace(/-{2,}/g, '--');
}
