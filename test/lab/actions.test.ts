import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { documentOf } from '../support/documents.js';
import { act, active, loggedSince, stepsOf } from './actions-support.js';
import { ROUTERS, type RouterName } from './plan.js';
import { addFlows, pairFor } from './views-support.js';

describe('actions on a pair', () => {
  const pair = pairFor({ hook: 'ctsync' });
  const logOf = (router: RouterName) => readFileSync(pair()[router].file('conntrackd.log'), 'utf8');
  const shared = (flows: number) =>
    pair().waitFor(async () => (await active(pair(), 'r2'))[1] === flows, {
      what: `${flows} flows to be on the backup`,
    });

  before(async () => {
    await addFlows({ lab: pair(), router: 'r1' }, 20);
    await shared(20);
  });

  it('send, fetch and read anew on the master, and every step is in its log', async () => {
    const before = logOf('r1').length;
    const bulk = await act(pair(), 'r1', 'sync conntrack-sync bulk --yes');
    expect([bulk.code, bulk.document.role, stepsOf(bulk.document)]).to.deep.equal([0, 'master', ['-B: done']]);
    const internal = await act(pair(), 'r1', 'reset conntrack-sync internal-cache --yes');
    expect(stepsOf(internal.document)).to.deep.equal(['-f internal: done', '-R: done', '-B: done']);
    expect(internal.document.left?.['internal']).to.equal(20);
    const log = logOf('r1').slice(before);
    expect(log).to.include('flushing internal cache').and.to.include('resync with master conntrack table');
    await shared(20);
  });

  it('empty the external cache of the backup, and fill it again', async () => {
    const { code, document } = await act(pair(), 'r2', 'reset conntrack-sync external-cache --yes');
    expect([code, document.at_stake?.['external']]).to.deep.equal([0, 20]);
    expect(stepsOf(document)).to.deep.equal(['-f external: done', '-n: done']);
    await shared(20);
  });

  it('never send in bulk from a backup', async () => {
    const before = logOf('r2').length;
    const { code, document } = await act(pair(), 'r2', 'sync conntrack-sync bulk --yes');
    expect([code, document.error?.code]).to.deep.equal([1, 'ACTION_REFUSED']);
    const internal = await act(pair(), 'r2', 'reset conntrack-sync internal-cache --yes');
    expect(stepsOf(internal.document)).to.deep.equal(['-f internal: done', '-R: done']);
    const restart = await act(pair(), 'r2', 'restart conntrack-sync --yes');
    expect(restart.document.steps?.map(({ outcome }) => outcome)).to.deep.equal(['done', 'done']);
    await shared(20);
    expect(logOf('r2').slice(before)).to.include('resync requested').and.to.not.include('sending bulk update');
  });

  it("empty the kernel's table of a backup, and say that the master keeps its flows", async () => {
    const { code, document } = await act(pair(), 'r2', 'reset conntrack --yes');
    expect([code, document.role]).to.deep.equal([0, 'backup']);
    expect(document.notes?.[0]).to.include('Those of the peer stay there');
    expect((await active(pair(), 'r1'))[0]).to.equal(20);
    expect((await active(pair(), 'r2'))[1]).to.equal(20);
  });

  it('touch nothing in a dry run, and where nobody can be asked', async () => {
    const before = [logOf('r1'), logOf('r2')];
    const dry = await act(pair(), 'r1', 'reset conntrack --dry-run');
    expect([dry.code, dry.document.outcome]).to.deep.equal([0, 'dry-run']);
    const unasked = await act(pair(), 'r1', 'reset conntrack');
    expect([unasked.code, unasked.document.error?.code]).to.deep.equal([2, 'USAGE']);
    expect([logOf('r1'), logOf('r2')]).to.deep.equal(before);
    expect((await active(pair(), 'r1'))[0]).to.equal(20);
  });

  it('are refused while the hook is at work', async () => {
    const lock = pair().r1.file('failover.lock');
    const command = ['flock', lock, process.execPath, 'bin/run.js', 'reset', 'conntrack', '--yes', '--json'];
    const { stdout, code } = await pair().exec('r1', command);
    expect([code, documentOf(stdout).error?.code]).to.deep.equal([1, 'ACTION_REFUSED']);
    expect((await active(pair(), 'r1'))[0]).to.equal(20);
  });

  it('are refused by a daemon that is stopped', async () => {
    const { pid } = pair().r1.conntrackd;
    await pair().exec('r1', ['kill', '-STOP', String(pid)]);
    try {
      const { code, document } = await act(pair(), 'r1', 'sync conntrack-sync bulk --yes --timeout 1');
      expect([code, document.error?.code]).to.deep.equal([1, 'TIMEOUT']);
      // It would not tell the peer of the flows that end.
      const table = await act(pair(), 'r1', 'reset conntrack --yes --timeout 1');
      expect([table.code, table.document.error?.code]).to.deep.equal([1, 'TIMEOUT']);
      expect(Number((await pair().exec('r1', ['conntrack', '-C'])).stdout)).to.be.at.least(20);
    } finally {
      await pair().exec('r1', ['kill', '-CONT', String(pid)]);
    }
  });

  it('commit, and say how many flows are in the kernel now', async () => {
    const { code, document } = await act(pair(), 'r2', 'sync conntrack-sync commit --yes');
    expect([code, document.steps?.[0]?.committed]).to.deep.equal([0, { flows: 20, failed: 0 }]);
  });

  it('empty the tables of both nodes', async () => {
    const { code, document } = await act(pair(), 'r1', 'reset conntrack --yes');
    expect([code, stepsOf(document)]).to.deep.equal([0, ['conntrack -F: done', 'conntrack -F expect: done']]);
    await shared(0);
  });
});

describe('actions on an active/active pair', () => {
  const pair = pairFor({ hook: 'ctsync', groups: 2 });

  it('send nothing in bulk: no node is master of both groups', async () => {
    for (const router of ROUTERS) {
      await addFlows({ lab: pair(), router }, 3);
      const since = loggedSince(pair(), router);
      const bulk = await act(pair(), router, 'sync conntrack-sync bulk --yes');
      expect([bulk.code, bulk.document.error?.message]).to.deep.equal([
        1,
        'This node is not master of every group, and only the master may send its flows to the peer (-B).',
      ]);
      const internal = await act(pair(), router, 'reset conntrack-sync internal-cache --yes');
      expect([internal.document.role, stepsOf(internal.document)]).to.deep.equal([
        'mixed',
        ['-f internal: done', '-R: done'],
      ]);
      expect(internal.document.notes).to.include(
        'Nothing is sent to the peer in bulk (-B): only the master of all groups does that.',
      );
      // Later its peer will ask for its flows, and what it sends then is logged in the same words.
      expect(since()).to.include('flushing internal cache').and.to.not.include('sending bulk update');
      const restart = await act(pair(), router, 'restart conntrack-sync --yes');
      expect(restart.document.steps?.map(({ outcome }) => outcome)).to.deep.equal(['done', 'done']);
      expect(stepsOf(restart.document)[1]).to.equal('-n: done');
      expect((await active(pair(), router))[0]).to.be.at.least(3);
    }
  });
});

describe('actions on a pair without external caches', () => {
  const pair = pairFor({ hook: 'ctsync', disableExternalCache: true });
  /** By their ids: a flow that was deleted and made anew has another one. */
  const kernelOf = async (router: RouterName) => {
    const { stdout } = await pair().exec(router, ['conntrack', '-L', '-p', 'udp', '--dport', '53', '-o', 'id']);
    return [...stdout.matchAll(/ id=(\d+)/g)].map(([, id]) => id).sort();
  };

  before(async () => {
    await addFlows({ lab: pair(), router: 'r1' }, 20);
    await pair().waitFor(async () => (await kernelOf('r2')).length === 20, { what: 'the backup to have the flows' });
  });

  it('never make the master delete and recreate its flows', async () => {
    const before = await kernelOf('r1');
    const since = loggedSince(pair(), 'r2');
    for (const line of [
      'reset conntrack-sync internal-cache',
      'sync conntrack-sync bulk',
      'sync conntrack-sync commit',
    ]) {
      const { code, document } = await act(pair(), 'r2', `${line} --yes`);
      expect([code, document.error?.code], line).to.deep.equal([1, 'ACTION_REFUSED']);
    }
    expect(since()).to.equal('');
    const request = await act(pair(), 'r2', 'sync conntrack-sync request --yes');
    expect([request.code, stepsOf(request.document)]).to.deep.equal([0, ['-n: done']]);
    const restart = await act(pair(), 'r2', 'restart conntrack-sync --yes');
    expect([restart.code, stepsOf(restart.document)[1]]).to.deep.equal([0, '-n: done']);
    expect(since()).to.not.include('sending bulk update');
    expect(await kernelOf('r1')).to.deep.equal(before);
    await pair().waitFor(async () => (await kernelOf('r2')).length === 20);
  });

  it('are done on the master, which keeps its flows', async () => {
    const before = await kernelOf('r1');
    const internal = await act(pair(), 'r1', 'reset conntrack-sync internal-cache --yes');
    expect(stepsOf(internal.document)).to.deep.equal(['-f internal: done', '-R: done', '-B: done']);
    const restart = await act(pair(), 'r1', 'restart conntrack-sync --yes');
    expect([restart.code, stepsOf(restart.document)[1]]).to.deep.equal([0, '-B: done']);
    expect(restart.document.left).to.include({ internal: 20 });
    expect(await kernelOf('r1')).to.deep.equal(before);
    await pair().waitFor(async () => (await kernelOf('r2')).length === 20);
  });
});
