import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { documentOf } from '../support/documents.js';
import type { Lab } from './lab.js';
import type { RouterName } from './plan.js';
import { addFlows, pairFor } from './views-support.js';

interface Answer {
  outcome?: string;
  role?: string;
  at_stake?: Record<string, number>;
  left?: Record<string, number>;
  steps?: { command: string; outcome: string; committed?: { flows: number; failed: number } }[];
  error?: { code: string; message: string };
}

async function act(lab: Lab, router: RouterName, line: string) {
  const { stdout, code } = await lab.ctsync(router, [...line.split(' '), '--json']);
  return { code, document: documentOf(stdout) as unknown as Answer };
}

/** `-f external done`. */
function stepsOf({ steps = [] }: Answer): string[] {
  return steps.map(({ command, outcome }) => `${command.replace(/^conntrackd -C \S+ /, '')}: ${outcome}`);
}

describe('actions on a pair', () => {
  const pair = pairFor({ hook: 'ctsync' });
  const logOf = (router: RouterName) => readFileSync(pair()[router].file('conntrackd.log'), 'utf8');
  const active = async (router: RouterName) =>
    [...(await pair()[router].ask('-s')).matchAll(/current active connections:\s+(\d+)/g)].map(([, n]) => Number(n));
  const shared = (flows: number) =>
    pair().waitFor(async () => (await active('r2'))[1] === flows, { what: `${flows} flows to be on the backup` });

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

  it('touch nothing in a dry run, and where nobody can be asked', async () => {
    const before = [logOf('r1'), logOf('r2')];
    const dry = await act(pair(), 'r1', 'reset conntrack --dry-run');
    expect([dry.code, dry.document.outcome]).to.deep.equal([0, 'dry-run']);
    const unasked = await act(pair(), 'r1', 'reset conntrack');
    expect([unasked.code, unasked.document.error?.code]).to.deep.equal([2, 'USAGE']);
    expect([logOf('r1'), logOf('r2')]).to.deep.equal(before);
    expect((await active('r1'))[0]).to.equal(20);
  });

  it('are refused while the hook is at work', async () => {
    const lock = pair().r1.file('failover.lock');
    const command = ['flock', lock, process.execPath, 'bin/run.js', 'reset', 'conntrack', '--yes', '--json'];
    const { stdout, code } = await pair().exec('r1', command);
    expect([code, (documentOf(stdout) as unknown as Answer).error?.code]).to.deep.equal([1, 'ACTION_REFUSED']);
    expect((await active('r1'))[0]).to.equal(20);
  });

  it('are refused by a daemon that is stopped', async () => {
    const { pid } = pair().r1.conntrackd;
    await pair().exec('r1', ['kill', '-STOP', String(pid)]);
    try {
      const { code, document } = await act(pair(), 'r1', 'sync conntrack-sync bulk --yes --timeout 1');
      expect([code, document.error?.code]).to.deep.equal([1, 'TIMEOUT']);
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
