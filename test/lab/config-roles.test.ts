import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { CommitDocument, FlowTableDocument } from '../../src/model/documents.js';
import { documentOf } from '../support/documents.js';
import type { Lab } from './lab.js';
import { peerOf, ROUTERS, SYNC_GROUP } from './plan.js';
import type { RouterName } from './plan.js';
import { must } from './run.js';
import { linksRunning, pairFor } from './views-support.js';

/** Commits a change that makes conntrackd restart. */
async function committed(lab: Lab, router: RouterName, seconds: number): Promise<CommitDocument> {
  const env = { CTSYNC_CONFIG_DIR: lab[router].file('etc') };
  const done = async (...words: string[]) => {
    const { stdout, stderr, code } = await lab.ctsync(router, words, { env });
    if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}${stdout}`);
    return stdout;
  };
  if (seconds === 90) await done('import', lab[router].file('conntrackd.conf'));
  const statement = ['set', 'service', 'conntrack-sync'];
  await done(...statement, 'failover-mechanism', 'vrrp', 'sync-group', SYNC_GROUP);
  await done(...statement, 'purge-timeout', String(seconds));
  const document = documentOf(await done('commit', '--json')) as unknown as CommitDocument;
  await linksRunning(lab);
  return document;
}

/** What conntrackd of a router logs while something is done. */
async function loggedBy(lab: Lab, router: RouterName, work: () => Promise<unknown>): Promise<string> {
  const log = lab[router].file('conntrackd.log');
  const before = (await readFile(log, 'latin1')).length;
  await work();
  return (await readFile(log, 'latin1')).slice(before);
}

/** The TCP flows in a router's kernel, with their ids: those of a flow that was deleted and made anew are others. */
async function kernel(lab: Lab, router: RouterName): Promise<string[]> {
  const { stdout } = await lab.ctsync(router, ['show', 'conntrack', 'table', 'ipv4', '--protocol', 'tcp', '--json']);
  const { flows } = JSON.parse(stdout) as FlowTableDocument;
  return flows.map(({ original, id }) => `${original.src}:${original.sport} ${original.dst} id ${id}`).sort();
}

describe('a commit on an active/active pair', function () {
  this.timeout(120_000);
  const pair = pairFor({ groups: 2 });

  it('sends nothing to the peer from a node that is master of one group only, and asks for what that one has', async () => {
    const lab = pair();
    await lab.traffic.tcp({ count: 5 });
    await lab.traffic.tcp({ count: 3, partners: true });
    for (const router of ROUTERS) {
      const said = await loggedBy(lab, router, async () => {
        const { steps, notes } = await committed(lab, router, 90);
        expect(steps.at(-1)).to.equal('asked the peer for all its flows (-n): this node is not master of every group');
        expect(notes.join('\n')).to.include('Nothing was sent to the peer');
      });
      expect(said).to.include('resync requested').and.not.include('sending bulk update');
    }
  });

  it('has all flows of the other group in the external caches afterwards, and breaks no connection', async () => {
    const lab = pair();
    // What the second one's restart has emptied at the first one is fetched as the note says.
    await lab.r1.ask('-n');
    for (const [router, count] of [
      ['r1', 3],
      ['r2', 5],
    ] as const) {
      await lab.waitFor(async () => (await lab[router].ask('-e')).match(/^tcp/gm)?.length === count, {
        what: `${router} to have ${String(count)} TCP flows of its peer`,
      });
    }
    for (const connection of lab.traffic.connections) await connection.talk(1000);
    await lab.failover('cable');
    for (const connection of lab.traffic.connections) await connection.talk(1000);
  });
});

describe('a commit on a pair without external caches', function () {
  this.timeout(120_000);
  const pair = pairFor({ disableExternalCache: true });

  it('sends from the master and asks on the backup, and no flow of the master is made anew', async () => {
    const lab = pair();
    await lab.traffic.tcp({ count: 5 });
    const before = await kernel(lab, 'r1');
    for (const [round, seconds] of [90, 91].entries()) {
      for (const router of round === 0 ? ROUTERS : [...ROUTERS].reverse()) {
        const said = await loggedBy(lab, router, async () => {
          const { steps, notes } = await committed(lab, router, seconds);
          expect(steps.at(-1)).to.match(
            router === 'r1' ? /\(-B\): this node is master$/ : /\(-n\): this node is backup$/,
          );
          expect(notes.join('\n')).to.not.include('-f external');
        });
        if (router === 'r2') expect(said).to.not.include('sending bulk update');
      }
    }
    await lab.waitFor(async () => (await kernel(lab, 'r2')).length >= 5, {
      what: 'the flows in the kernel of the backup',
    });
    expect(await kernel(lab, 'r1')).to.deep.equal(before);
    for (const connection of lab.traffic.connections) await connection.talk(1000);
  });
});

describe('a commit that starts the conntrackd of a master after flows have ended', function () {
  this.timeout(120_000);
  const pair = pairFor();

  it('says what cures the backup, and that cures it', async () => {
    const lab = pair();
    await lab.traffic.udp({ count: 20 });
    const external = async () => (await lab.r2.ask('-e')).match(/^udp .* dport=53 /gm)?.length ?? 0;
    await lab.waitFor(async () => (await external()) === 20, { what: 'the flows at the backup' });
    await lab.r1.conntrackd.kill();
    await must(['ip', 'netns', 'exec', lab.namespaces.r1, 'conntrack', '-D', '-p', 'udp', '--dport', '53']);
    const { steps, notes } = await committed(lab, 'r1', 90);
    expect(steps.at(-1)).to.match(/\(-B\): this node is master$/);
    expect(await external()).to.equal(20);
    const commands = [...notes.join('\n').matchAll(/"conntrackd ([^"]*)"/g)].map(([, words]) => words!.split(' '));
    expect(commands).to.deep.equal([['-f', 'external'], ['-n']]);
    await lab.traffic.udp({ count: 3 });
    for (const words of commands) await lab.r2.ask(...words);
    await lab.waitFor(async () => (await external()) === 3, { what: 'the backup to have what the master has' });
  });
});

describe('a commit on an active/active pair without external caches', function () {
  this.timeout(120_000);
  const pair = pairFor({ groups: 2, disableExternalCache: true });

  it('makes no flow anew on either node', async () => {
    const lab = pair();
    await lab.traffic.tcp({ count: 5 });
    await lab.traffic.tcp({ count: 3, partners: true });
    for (const router of ROUTERS) {
      await lab.waitFor(async () => (await kernel(lab, router)).length === 8, { what: `all flows at ${router}` });
    }
    const ids = async () => [await kernel(lab, 'r1'), await kernel(lab, 'r2')];
    const before = await ids();
    for (const seconds of [90, 91]) {
      for (const router of ROUTERS) {
        const said = await loggedBy(lab, peerOf(router), async () => {
          const { steps, notes } = await committed(lab, router, seconds);
          expect(steps.at(-1)).to.match(/^asked for no flows and sent none: /);
          expect(notes.join('\n')).to.match(/Neither "conntrackd -B" nor "conntrackd -n"/);
        });
        expect(said).to.not.include('bulk update');
      }
    }
    expect(await ids()).to.deep.equal(before);
    for (const connection of lab.traffic.connections) await connection.talk(1000);
  });
});

describe('a commit on a pair in ALARM mode', function () {
  this.timeout(60_000);
  const pair = pairFor({ mode: 'alarm', keepalived: false });

  it('asks for nothing that conntrackd would ignore', async () => {
    const lab = pair();
    const env = { CTSYNC_CONFIG_DIR: lab.r1.file('etc') };
    const statement = ['set', 'service', 'conntrack-sync'];
    const lines = [
      ['import', lab.r1.file('conntrackd.conf')],
      [...statement, 'failover-mechanism', 'vrrp', 'sync-group', SYNC_GROUP],
      [...statement, 'event-listen-queue-size', '9'],
    ];
    for (const words of lines) expect((await lab.ctsync('r1', words, { env })).code).to.equal(0);
    const { stdout } = await lab.ctsync('r1', ['commit', '--json'], { env });
    const { steps } = documentOf(stdout) as unknown as CommitDocument;
    expect(steps[1]).to.match(/^restarted conntrackd/);
    expect(steps[2]).to.match(/^asked for no flows and sent none: in ALARM mode/);
  });
});
