import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transition } from '../../src/model/transition.js';
import { transitionsIn } from './hook-record.js';
import type { Lab } from './lab.js';
import type { RouterName } from './plan.js';
import { childEnvironment, ended, launch, must } from './run.js';
import type { Outcome } from './run.js';
import { addFlows, pairFor } from './views-support.js';

/** What each state asks of conntrackd (docs/failover.md). */
const REQUESTS = {
  MASTER: ['-s', '-c', '-f', '-R', '-B', '-s'],
  BACKUP: ['-s', '-t', '-n', '-s'],
  FAULT: ['-s', '-t', '-s'],
  STOP: [],
};

describe('the failover hook and a live conntrackd', function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false, hook: 'ctsync' });

  it('asks for what the state asks for, and records it with the sizes of the caches and the commit', async () => {
    const lab = pair();
    await addFlows({ lab, router: 'r1' }, 300);
    await arrived(lab, 300);
    for (const state of ['BACKUP', 'MASTER', 'FAULT', 'STOP'] as const) {
      const outcome = await call(lab, 'r2', state, 'GEFOEKOM');
      expect(outcome).to.deep.include({ code: 0, stdout: '', stderr: '' });
      const { result, steps = [], to } = await last(lab, 'r2');
      expect({ result, to }).to.deep.equal({ result: 'done', to: state });
      expect(steps.map(({ request }) => request)).to.deep.equal(REQUESTS[state]);
      expect(await readFile(lab.r2.file('failover-state'), 'utf8')).to.match(
        new RegExp(`^${state} at \\d{4}-\\S+Z\n$`),
      );
    }
    const all = await transitionsIn(lab.r2.folder);
    expect(all.map(({ from }) => from)).to.deep.equal([undefined, 'BACKUP', 'MASTER', 'FAULT']);
    const [, master] = all;
    expect(master?.caches_before).to.deep.equal({ internal: 0, external: 300 });
    expect(master?.caches_after).to.deep.equal({ internal: 300, external: 0 });
    expect(master?.commits?.map(({ table, committed, failed }) => [table, committed, failed])).to.deep.equal([
      ['flows', 300, 0],
      ['expectations', 0, 0],
    ]);
    const count = await must(['ip', 'netns', 'exec', lab.namespaces.r2, 'conntrack', '-C']);
    expect(Number(count)).to.be.at.least(300);
  });

  it('does not have the flows flushed of another group that this node is master of, and says why', async () => {
    const lab = pair();
    await call(lab, 'r2', 'MASTER', 'PARTNERS');
    for (const state of ['BACKUP', 'FAULT', 'MASTER'] as const) {
      await call(lab, 'r2', state, 'GEFOEKOM');
      const { steps = [], result } = await last(lab, 'r2');
      const skipped = steps.filter((step) => step.result === 'skipped');
      expect(skipped.map(({ request, reason }) => [request, reason])).to.deep.equal([
        [state === 'MASTER' ? '-f' : '-t', 'master of PARTNERS'],
      ]);
      expect(result).to.equal('done');
    }
    await call(lab, 'r2', 'BACKUP', 'PARTNERS');
    await call(lab, 'r2', 'BACKUP', 'GEFOEKOM');
    await call(lab, 'r2', 'MASTER', 'GEFOEKOM');
    const { steps = [] } = await last(lab, 'r2');
    expect(steps.map(({ request }) => request)).to.deep.equal(['-s', '-c', '-f', '-R', '-B', '-n', '-s']);
    await call(lab, 'r2', 'STOP', 'PARTNERS');
  });

  it('does not take a state from before the machine was started for a newer one', async () => {
    const lab = pair();
    await writeFile(lab.r2.file('failover-groups'), 'MASTER 99999999999.7 GEFOEKOM\nMASTER 99999999999.8 OTHER\n');
    await call(lab, 'r2', 'BACKUP', 'GEFOEKOM');
    const { from, result, steps = [] } = await last(lab, 'r2');
    expect({ from, result }).to.deep.equal({ from: undefined, result: 'done' });
    expect(steps.map(({ request }) => request)).to.deep.equal(REQUESTS.BACKUP);
  });

  it('runs one state at a time, and after that the newest', async () => {
    const lab = pair();
    const before = (await transitionsIn(lab.r2.folder)).length;
    const held = lab.exec('r2', ['flock', lab.r2.file('failover.lock'), 'sleep', '1.5']);
    await sleep(300);
    const calls: Promise<Outcome>[] = [];
    for (const state of ['MASTER', 'BACKUP', 'MASTER'] as const) {
      calls.push(call(lab, 'r2', state, 'GEFOEKOM'));
      await sleep(100);
    }
    await Promise.all([held, ...calls]);
    const made = (await transitionsIn(lab.r2.folder)).slice(before).sort((a, b) => timeOf(a) - timeOf(b));
    expect(made.map(({ to, result }) => [to, result])).to.deep.equal([
      ['MASTER', 'superseded'],
      ['BACKUP', 'superseded'],
      ['MASTER', 'done'],
    ]);
    expect(made[2]?.waited_seconds).to.be.greaterThan(0);
    expect(await readFile(lab.r2.file('failover-state'), 'utf8')).to.equal(`MASTER at ${made[2]?.at ?? ''}\n`);
  });

  it('waits for the end of a commit that somebody else has asked for', async () => {
    const lab = pair();
    await addFlows({ lab, router: 'r1' }, 100_000);
    // Those of the first test are in r2's kernel, and are not sent again.
    await arrived(lab, 99_000);
    const log = lab.r2.file('conntrackd.log');
    const length = (await readFile(log)).length;
    // The hook asks for other things first, so that its commit comes second, and long before the end of this one.
    const other = lab.r2.ask('-c');
    await call(lab, 'r2', 'MASTER', 'GEFOEKOM');
    const { steps = [], commits = [], result } = await last(lab, 'r2');
    await other;
    expect(result).to.equal('done');
    // Where the other one has ended by the time that ours was refused, there is nothing to wait for.
    const asked = steps.map(({ step }) => step).filter((step) => step !== 'wait');
    expect(asked.slice(0, 3)).to.deep.equal(['probe', 'commit', 'flush']);
    const text = (await readFile(log, 'latin1')).slice(length);
    expect(text).to.include('commit already in progress').and.not.include('ignoring flush command');
    expect(text.indexOf('flushing caches')).to.be.greaterThan(text.indexOf('new expectations'));
    // Theirs is the one that has committed them.
    expect([...text.matchAll(/Committed \d+ new entries/g)]).to.have.length(1);
    expect(commits[0]).to.deep.include({ table: 'flows', failed: 0 });
  });

  it('gives up a daemon that is silent, asks it for nothing that it would do later, and records both', async () => {
    const lab = pair();
    const log = lab.r2.file('conntrackd.log');
    const pid = lab.r2.conntrackd.pid ?? NaN;
    const length = (await readFile(log)).length;
    process.kill(pid, 'SIGSTOP');
    const { code } = await call(lab, 'r2', 'MASTER', 'GEFOEKOM');
    process.kill(pid, 'SIGCONT');
    const { result, steps = [] } = await last(lab, 'r2');
    expect({ code, result }).to.deep.equal({ code: 1, result: 'failed' });
    expect(steps.map((step) => `${step.request} ${step.result}`)).to.deep.equal([
      '-s timeout',
      '-c not_asked',
      '-f not_asked',
      '-R not_asked',
      '-B not_asked',
    ]);
    expect((await lab.r2.ask('-s', 'runtime')).startsWith('daemon uptime')).to.equal(true);
    expect((await readFile(log, 'latin1')).slice(length)).to.not.match(/committing|flushing|resync with/);
  });

  it('starts a daemon that was killed, whose lock is still there; and never one beside a live one', async () => {
    const lab = pair();
    await lab.r2.conntrackd.kill();
    await call(lab, 'r2', 'MASTER', 'GEFOEKOM');
    const dead = await last(lab, 'r2');
    expect(dead.steps?.[0]).to.deep.include({ step: 'probe', result: 'failed' });
    expect(dead.steps?.[0]?.reason).to.include("can't connect");
    expect(await readFile(lab.r2.file('failover-state'), 'utf8')).to.equal(`MASTER at ${dead.at ?? ''}\n`);
    const { code } = await call(lab, 'r2', 'BACKUP', 'GEFOEKOM');
    const { steps = [] } = await last(lab, 'r2');
    expect(steps.map(({ step, result }) => `${step} ${result}`)).to.deep.equal([
      'probe failed',
      'start ok',
      'probe ok',
      'purge ok',
      'resync_request ok',
      'probe ok',
    ]);
    expect(code).to.equal(0);
    await lab.r2.ask('-s', 'runtime');
    // The lock is free again: the daemon that was started has not inherited it.
    await must(['flock', '-n', lab.r2.file('failover.lock'), 'true']);

    const socket = lab.r2.file('conntrackd.sock');
    await must(['mv', socket, `${socket}.away`]);
    await call(lab, 'r2', 'BACKUP', 'GEFOEKOM');
    expect((await last(lab, 'r2')).steps?.[1]).to.deep.include({ step: 'start', result: 'failed' });
    expect(await readFile(lab.r2.file('conntrackd.lock'), 'utf8')).to.equal('');
    await must(['mv', `${socket}.away`, socket]);
    await lab.r2.ask('-k');
  });

  it('starts one anew that is dead, also where nobody has buried it', async () => {
    const lab = pair();
    const conf = lab.r2.file('conntrackd.conf');
    // The one before takes a moment to end, and its lock keeps another from beginning.
    await lab.exec('r2', ['conntrackd', '-C', conf, '-k']);
    await lab.waitFor(async () => (await lab.exec('r2', ['test', '-e', lab.r2.file('conntrackd.lock')])).code === 1);
    // The parent waits for nobody: by the time that its child is killed it is no shell any more.
    const orphaning = `conntrackd -C ${conf} & exec env --default-signal=CHLD sleep 60`;
    const parent = launch(['ip', 'netns', 'exec', lab.namespaces.r2, 'sh', '-c', orphaning], {
      env: childEnvironment(),
      stdio: 'ignore',
    });
    try {
      await lab.waitFor(() => lab.r2.ask('-s', 'runtime'), { what: 'conntrackd to answer' });
      await must(['pkill', '-KILL', '-x', '-P', String(parent.pid), 'conntrackd']);
      const children = ['ps', '-o', 'stat=,comm=', '--ppid', String(parent.pid)];
      await lab.waitFor(async () => /^Z\S* +conntrackd/m.test((await lab.exec('r2', children)).stdout));
      const { code } = await call(lab, 'r2', 'BACKUP', 'GEFOEKOM');
      const [, start] = (await last(lab, 'r2')).steps ?? [];
      expect([code, start?.step, start?.result]).to.deep.equal([0, 'start', 'ok']);
    } finally {
      parent.kill('SIGKILL');
      await ended(parent);
    }
    await lab.r2.ask('-k');
  });
});

describe('the failover hook and a conntrackd without an external cache', function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false, hook: 'ctsync', disableExternalCache: true });

  it('has the flows sent again once PurgeTimeout has emptied the table of a backup', async () => {
    const lab = pair();
    const conf = lab.r2.file('conntrackd.conf');
    await writeFile(conf, (await readFile(conf, 'utf8')).replace('PurgeTimeout 60', 'PurgeTimeout 1'));
    await lab.r2.ask('-k');
    await lab.waitFor(() => !lab.r2.conntrackd.running, { what: 'conntrackd to end' });
    await lab.r2.startDaemon();
    await addFlows({ lab, router: 'r1' }, 200);
    const tracked = async (): Promise<number> =>
      Number(await must(['ip', 'netns', 'exec', lab.namespaces.r2, 'conntrack', '-C']));
    await lab.waitFor(async () => (await tracked()) >= 200, { what: 'the flows in the kernel of the backup' });
    await call(lab, 'r2', 'BACKUP', 'GEFOEKOM');
    await lab.waitFor(async () => (await last(lab, 'r2')).delayed === true, { what: 'the second request' });
    expect((await last(lab, 'r2')).steps?.map(({ request }) => request)).to.deep.equal(['-s', '-n', '-s']);
    expect(await readFile(lab.r2.file('conntrackd.log'), 'latin1')).to.include('conntrack table (scheduled)');
    await lab.waitFor(async () => (await tracked()) >= 200, { what: 'the flows to be there again' });
  });

  it('has no flows sent while each node is master of a group: those of the other one would be made anew', async () => {
    const lab = pair();
    const skipped = async () =>
      ((await last(lab, 'r2')).steps ?? [])
        .filter(({ result }) => result === 'skipped')
        .map(({ request, reason }) => [request, reason]);
    await call(lab, 'r2', 'BACKUP', 'GEFOEKOM');
    await call(lab, 'r2', 'MASTER', 'PARTNERS');
    expect(await skipped()).to.deep.equal([['-B', 'backup of GEFOEKOM']]);
    await call(lab, 'r2', 'BACKUP', 'GEFOEKOM');
    expect(await skipped()).to.deep.equal([
      ['-t', 'master of PARTNERS'],
      ['-n', 'master of PARTNERS'],
    ]);
    await call(lab, 'r2', 'MASTER', 'GEFOEKOM');
    expect((await last(lab, 'r2')).steps?.map(({ request }) => request)).to.include('-B');
  });
});

/** Calls the hook as keepalived does. */
function call(lab: Lab, router: RouterName, state: keyof typeof REQUESTS, group: string): Promise<Outcome> {
  const { folder } = lab[router];
  const [hook, conf] = [lab[router].file('ctsync-failover'), lab[router].file('conntrackd.conf')];
  return lab.exec(router, [hook, state.toLowerCase(), group, conf, folder, folder]);
}

async function last(lab: Lab, router: RouterName): Promise<Transition> {
  const transition = (await transitionsIn(lab[router].folder)).at(-1);
  if (transition === undefined) throw new Error(`the hook of ${router} has recorded nothing`);
  return transition;
}

function timeOf({ at = '' }: Transition): number {
  return Date.parse(at);
}

/** Waits until at least so many flows are in r2's external cache, and no more come. */
async function arrived(lab: Lab, flows: number): Promise<void> {
  let before = -1;
  await lab.waitFor(
    async () => {
      const now = Number(/external:\n.*\t\s*(\d+)/.exec(await lab.r2.ask('-s'))?.[1]);
      const settled = now >= flows && now === before;
      before = now;
      return settled;
    },
    { seconds: 30, what: `${String(flows)} flows in r2` },
  );
}
