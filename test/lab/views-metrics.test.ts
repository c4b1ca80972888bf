import { expect } from 'chai';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { SYNC_GROUP } from './plan.js';
import { must, run } from './run.js';
import { ask, linksRunning, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';
import { figureOf, readExposition } from '../support/exposition.js';
import { missingTools } from '../support/missing-tools.js';
import { skipFor } from '../support/skip.js';

const COMMAND = 'export prometheus';

/** Metrics of conntrackd, and where their figures stand on its own pages: N is the figure. */
const FIGURES: readonly (readonly [page: string, line: string, name: string, labels?: Record<string, string>])[] = [
  ['runtime', 'events received:\\s+N', 'conntrackd_netlink_events_total', { result: 'received' }],
  ['runtime', 'events filtered:\\s+N', 'conntrackd_netlink_events_total', { result: 'filtered' }],
  ['runtime', 'netlink overrun:\\s+N', 'conntrackd_netlink_overruns_total'],
  ['runtime', 'resync with kernel table:\\s+N', 'conntrackd_resyncs_total'],
  ['runtime', 'current buffer size \\(in bytes\\):\\s+N', 'conntrackd_netlink_buffer_bytes'],
  ['runtime', 'child process segfault:\\s+N', 'conntrackd_child_failures_total', { reason: 'segfault' }],
  ['network', 'Packets lost:\\s+N', 'conntrackd_messages_lost_total'],
  ['network', 'Packets before:\\s+N', 'conntrackd_messages_before_total'],
  ['network', 'Wrong protocol version:\\s+N', 'conntrackd_messages_malformed_total', { reason: 'wrong_version' }],
  ['link', 'N Bytes sent', 'conntrackd_link_bytes_total', { device: 'eth0', direction: 'sent' }],
  ['link', 'N Pckts recv', 'conntrackd_link_packets_total', { device: 'eth0', direction: 'received' }],
  ['link', 'N Error send', 'conntrackd_link_errors_total', { device: 'eth0', direction: 'sent' }],
  ['queue', 'queue txqueue:\\ncurrent elements:\\s+N', 'conntrackd_queue_elements', { queue: 'txqueue' }],
  ['queue', 'queue rsqueue:\\n.*\\nmaximum elements:\\s+N', 'conntrackd_queue_elements_limit', { queue: 'rsqueue' }],
  ['cache', 'cache:internal\\s+active objects:\\s+N', 'conntrackd_cache_entries', CACHE('internal')],
  ['cache', 'cache:external\\s+active objects:\\s+N', 'conntrackd_cache_entries', CACHE('external')],
  ['cache', 'internal[^]*?creation OK/failed:\\s+N', 'conntrackd_cache_operations_total', CREATED('internal')],
  ['cache', 'external[^]*?creation OK/failed:\\s+N', 'conntrackd_cache_operations_total', CREATED('external')],
  ['expect', 'cache internal:\\ncurrent active connections:\\s+N', 'conntrackd_cache_entries', EXPECT('internal')],
];

/** What conntrackd logs of a commit of flows. */
const COMMIT = /Committed (\d+) new entries\n.*commit has taken ([\d.]+) seconds/g;

function CACHE(cache: string): Record<string, string> {
  return { cache, table: 'conntrack' };
}

function EXPECT(cache: string): Record<string, string> {
  return { cache, table: 'expect' };
}

function CREATED(cache: string): Record<string, string> {
  return { ...CACHE(cache), operation: 'created', result: 'ok' };
}

describe('the metrics of a live pair', function () {
  this.timeout(60_000);
  const pair = pairFor();
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const r2 = (): Place => ({ lab: pair(), router: 'r2' });

  before(async () => {
    const lab = pair();
    await linksRunning(lab);
    await lab.traffic.tcp({ count: 3 });
    await lab.traffic.udp({ count: 5 });
    await lab.waitFor(async () => (await lab.r2.ask('-e')).match(/ dport=22 /g)?.length === 3, {
      what: 'the flows in r2',
    });
  });

  it('have the figures of its own pages', async () => {
    for (const place of [r1(), r2()]) {
      const before = await ownFigures(place);
      const families = readExposition(await page(place, COMMAND));
      const after = await ownFigures(place);
      FIGURES.forEach(([, line, name, labels = {}], i) => {
        expect(figureOf(families, name, labels), `${place.router} ${line}`).to.be.within(before[i]!, after[i]!);
      });
      // Messages come and go there: what two pages of one moment say of it can differ.
      const queue = figureOf(families, 'conntrackd_queue_elements', { queue: 'rsqueue' });
      expect(figureOf(families, 'conntrackd_resend_queue_length')).to.equal(queue);
    }
  });

  it('have the figures of the kernel, with every flow only where that is asked for', async () => {
    const place = r1();
    const kernel = async (name: string): Promise<number> =>
      Number((await place.lab.exec('r1', ['cat', `/proc/sys/net/netfilter/nf_conntrack_${name}`])).stdout);
    const families = readExposition(await page(place, COMMAND));
    expect(figureOf(families, 'nf_conntrack_entries_limit')).to.equal(await kernel('max'));
    expect(figureOf(families, 'nf_conntrack_buckets')).to.equal(await kernel('buckets'));
    expect([...families.keys()].filter((name) => name.startsWith('nf_conntrack_flows'))).to.deep.equal([]);
    const flows = readExposition(await page(place, `${COMMAND} --flows`));
    expect(figureOf(flows, 'nf_conntrack_flows', { protocol: 'tcp', state: 'ESTABLISHED', family: 'ipv4' })).to.equal(
      3,
    );
    expect(figureOf(flows, 'nf_conntrack_flows_flagged', { flag: 'assured' })).to.be.at.least(3);
    expect(figureOf(flows, 'nf_conntrack_flows_flagged', { flag: 'offload' })).to.equal(0);
  });

  it('tell the role of each node, its last transition, and what was read', async () => {
    for (const [place, role] of [
      [r1(), 'master'],
      [r2(), 'backup'],
    ] as const) {
      const before = Date.now() / 1000;
      const families = readExposition(await page(place, COMMAND));
      for (const each of ['master', 'backup', 'partial'])
        expect(figureOf(families, 'ctsync_role', { sync_group: SYNC_GROUP, role: each })).to.equal(
          each === role ? 1 : 0,
        );
      const record = await readFile(place.lab[place.router].file('failover-state'), 'utf8');
      const at = Date.parse(record.trim().split(' at ')[1] ?? '') / 1000;
      expect(figureOf(families, 'ctsync_last_transition_timestamp_seconds')).to.equal(at);
      expect(figureOf(families, 'ctsync_collection_timestamp_seconds')).to.be.within(before, Date.now() / 1000);
      expect(figureOf(families, 'conntrackd_up')).to.equal(1);
      expect(figureOf(families, 'conntrackd_info', { mode: 'ftfw' })).to.equal(1);
      expect(figureOf(families, 'conntrackd_link_running', { device: 'eth0' })).to.equal(1);
      for (const check of ['conntrack-sync', 'conntrack'])
        expect(figureOf(families, 'ctsync_check_status', { check })).to.equal(0);
      const successes = families.get('ctsync_collector_success')!.samples;
      expect(successes.map(({ value }) => value)).to.deep.equal(Array(14).fill('1'));
    }
  });

  it('tell what became of the last commit, as the log has it', async () => {
    const { lab } = r2();
    await lab.r2.ask('-c');
    const log = await readFile(lab.r2.file('conntrackd.log'), 'utf8');
    const [, committed, seconds] = [...log.matchAll(COMMIT)].at(-1)!;
    const families = readExposition(await page(r2(), COMMAND));
    const flows = { table: 'conntrack' };
    expect(figureOf(families, 'conntrackd_commit_entries', { ...flows, result: 'committed' })).to.equal(
      Number(committed),
    );
    expect(figureOf(families, 'conntrackd_commit_entries', { ...flows, result: 'failed' })).to.equal(0);
    expect(figureOf(families, 'conntrackd_commit_duration_seconds', flows)).to.equal(Number(seconds));
    // The log has whole seconds.
    expect(figureOf(families, 'conntrackd_commit_timestamp_seconds', flows)).to.be.closeTo(Date.now() / 1000, 5);
  });

  it('are the same in both formats', async () => {
    const classic = readExposition(await page(r1(), `${COMMAND} --flows`));
    const open = readExposition(await page(r1(), 'export openmetrics --flows'));
    const series = (families: typeof classic): string[] =>
      [...families.values()].flatMap(({ samples }) =>
        samples.map(({ name, labels }) => `${name}${JSON.stringify(labels)}`),
      );
    expect(series(open)).to.deep.equal(series(classic));
  });

  it('are well made, says promtool', async function () {
    skipFor(this, missingTools('the check of metrics needs', ['promtool']));
    const input = await page(r1(), `${COMMAND} --flows`);
    const { code, stdout, stderr } = await run(['promtool', 'check', 'metrics'], { input });
    expect({ code, stdout, stderr }).to.deep.equal({ code: 0, stdout: '', stderr: '' });
  });

  it('go into a file as a whole, for everybody to read, with nothing left beside it', async () => {
    const { lab } = r1();
    const folder = lab.r1.file('textfile');
    await mkdir(folder);
    for (let run = 0; run < 2; run++)
      expect(await page(r1(), `${COMMAND} --textfile ${folder}/ctsync.prom`)).to.equal('');
    expect(await readdir(folder)).to.deep.equal(['ctsync.prom']);
    expect(await must(['stat', '--format=%a', `${folder}/ctsync.prom`])).to.equal('644\n');
    expect(figureOf(readExposition(await readFile(`${folder}/ctsync.prom`, 'utf8')), 'conntrackd_up')).to.equal(1);
  });

  describe('of a daemon that hangs', () => {
    const pid = (): number => pair().r1.conntrackd.pid ?? NaN;
    before(() => process.kill(pid(), 'SIGSTOP'));
    after(() => process.kill(pid(), 'SIGCONT'));

    it('say so: it was asked once, and the rest is there', async () => {
      const { stdout, stderr, code } = await ask(r1(), `${COMMAND} --timeout 1`);
      expect(code).to.equal(4);
      expect(stderr.match(/said nothing/g)).to.have.length(1);
      expect(stderr).to.include(`kill -CONT ${String(pid())}`);
      const families = readExposition(stdout);
      expect(figureOf(families, 'conntrackd_up')).to.equal(0);
      expect(figureOf(families, 'nf_conntrack_entries')).to.be.above(0);
      expect(figureOf(families, 'ctsync_check_status', { check: 'conntrack-sync' })).to.equal(2);
      expect(figureOf(families, 'ctsync_check_status', { check: 'conntrack' })).to.equal(0);
      expect(figureOf(families, 'ctsync_role', { role: 'master' })).to.equal(1);
      expect(figureOf(families, 'ctsync_collector_success', { collector: 'runtime' })).to.equal(0);
      expect(figureOf(families, 'ctsync_collector_success', { collector: 'queue' })).to.equal(0);
      expect(figureOf(families, 'ctsync_collector_success', { collector: 'role' })).to.equal(1);
      expect([...families.keys()].filter((name) => /^conntrackd_(?!up|info|commit)/.test(name))).to.deep.equal([]);
    });
  });
});

/** The figures of {@link FIGURES} on the daemon's own pages, in their order. */
async function ownFigures({ lab, router }: Place): Promise<number[]> {
  const pages = new Map<string, string>();
  for (const [name] of FIGURES) if (!pages.has(name)) pages.set(name, await lab[router].ask('-s', name));
  return FIGURES.map(([name, line]) => {
    const [, figure] = new RegExp(line.replace('N', '(\\d+)')).exec(pages.get(name)!) ?? [];
    if (figure === undefined) throw new Error(`${line} is not on the page ${name}:\n${pages.get(name)}`);
    return Number(figure);
  });
}
