import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseProcessStat } from '../../src/parsers/process-status.js';
import { documentOf } from '../support/documents.js';
import { failureBy } from '../support/failures.js';
import { act, active, type ActionAnswer, loggedSince, slowed, stepsOf } from './actions-support.js';
import { addFlows, pairFor } from './views-support.js';

/** A commit of so many takes a quarter of a minute where each costs a millisecond more. */
const MANY = 10_000;
const COMMIT = { call: 'sendto,sendmsg', microseconds: 1000 };
/** Behind so many buckets of the cache, a commit lets conntrackd answer others. */
const BUCKETS = 8192;

describe('while conntrackd is at work', function () {
  this.timeout(120_000);
  const pair = pairFor({ hook: 'ctsync' });
  const conf = () => pair().r2.file('conntrackd.conf');
  const env = () => ({ CTSYNC_CONFIG_DIR: join(pair().r2.folder, 'etc') });
  const configure = (...args: string[]) => pair().ctsync('r2', args, { env: env() });
  const logged = (since: () => string, text: string) => since().split(text).length - 1;

  before(async () => {
    const { conntrackd } = pair().r2;
    await conntrackd.stop();
    writeFileSync(conf(), readFileSync(conf(), 'utf8').replace(/HashSize \d+/, `HashSize ${32 * BUCKETS}`));
    await pair().r2.startDaemon();
    await addFlows({ lab: pair(), router: 'r1' }, MANY);
    await pair().waitFor(async () => (await active(pair(), 'r2'))[1] === MANY, { seconds: 60 });
    await configure('import', conf());
    const group = ['failover-mechanism', 'vrrp', 'sync-group', 'GEFOEKOM'];
    expect((await configure('set', 'service', 'conntrack-sync', ...group)).code).to.equal(0);
  });

  it('on a commit, whose client may be gone, all is refused with that reason, and nothing is changed', async () => {
    const since = loggedSince(pair(), 'r2');
    const before = readFileSync(conf(), 'utf8');
    const { pid } = pair().r2.conntrackd;
    const quick = await slowed(pair(), 'r2', COMMIT);
    try {
      await pair().exec('r2', ['timeout', '--signal=KILL', '1', 'conntrackd', '-C', conf(), '-c']);
      expect(since()).to.include('committing all external caches');
      // Its own answer to what it refuses is exit code 0, and not a word.
      expect(await pair().r2.ask('-f', 'external')).to.equal('');
      for (const line of [
        'reset conntrack',
        'reset conntrack-sync external-cache',
        'restart conntrack-sync',
        'sync conntrack-sync commit',
      ]) {
        const { code, document } = await act(pair(), 'r2', `${line} --yes`);
        expect([code, document.error?.code, document.error?.message], line).to.deep.equal([
          1,
          'ACTION_REFUSED',
          'A commit of the external cache (conntrackd -c) is in progress.',
        ]);
      }
      expect(await failureBy(configure('commit', '--json'))).to.deep.equal({ code: 'ACTION_REFUSED', exit: 1 });
      expect(since()).to.not.include('commit has taken');
    } finally {
      await quick();
    }
    await pair().waitFor(() => logged(since, 'commit has taken') === 2, { seconds: 60 });
    expect(since()).to.not.match(/flushing|resync|skipping/);
    expect(logged(since, 'ignoring flush command, commit still in progress')).to.equal(1);
    expect([readFileSync(conf(), 'utf8'), pair().r2.conntrackd.pid]).to.deep.equal([before, pid]);
    expect((await active(pair(), 'r2'))[1]).to.equal(MANY);
  });

  it('on a commit of ours, its end is waited for as long as the daemon answers', async () => {
    // What is there already takes thrice as long.
    await pair().exec('r2', ['conntrack', '-F']);
    const quick = await slowed(pair(), 'r2', COMMIT);
    try {
      const { code, document } = await act(pair(), 'r2', 'sync conntrack-sync commit --yes --timeout 5');
      expect([code, document.steps?.[0]?.committed]).to.deep.equal([0, { flows: MANY, failed: 0 }]);
    } finally {
      await quick();
    }
  });

  it('on a commit of ours, and stops: it is asked once, given up once, and that is said', async () => {
    const since = loggedSince(pair(), 'r2');
    const pid = pair().r2.conntrackd.pid ?? NaN;
    const quick = await slowed(pair(), 'r2', COMMIT);
    const acting = act(pair(), 'r2', 'sync conntrack-sync commit --yes --timeout 1');
    await pair().waitFor(() => since().includes('committing all external caches'));
    await quick();
    process.kill(pid, 'SIGSTOP');
    try {
      const { code, document } = await acting;
      expect([code, document.outcome, document.error?.code]).to.deep.equal([4, 'partly', 'TIMEOUT']);
      expect(stepsOf(document)).to.deep.equal(['-c: timeout']);
      expect(document.error?.message).to.match(/is not known to be done: .*process \d+, is stopped\.$/);
      expect(document.error?.next).to.match(/^It may still be carried out: do not ask again/);
      expect(document.left).to.equal(undefined);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await pair().waitFor(() => logged(since, 'commit has taken') === 2, { seconds: 60 });
    expect(logged(since, 'committing all external caches')).to.equal(1);
    expect(since()).to.not.include('skipping');
  });

  it('on a first step, and stops: the others are not begun', async () => {
    const since = loggedSince(pair(), 'r2');
    const pid = pair().r2.conntrackd.pid ?? NaN;
    const quick = await slowed(pair(), 'r2', { call: 'accept', microseconds: 400_000 });
    const acting = act(pair(), 'r2', 'reset conntrack-sync internal-cache --yes --timeout 2');
    await pair().waitFor(() => since().includes('flushing internal cache'));
    process.kill(pid, 'SIGSTOP');
    try {
      const { code, document } = await acting;
      expect([code, document.outcome]).to.deep.equal([4, 'partly']);
      expect(stepsOf(document).filter((step) => / (failed|timeout)$/.test(step))).to.have.length(1);
      expect(document.left).to.equal(undefined);
    } finally {
      process.kill(pid, 'SIGCONT');
      await quick();
    }
    await pair().r2.ask('-R');
    expect(logged(since, 'flushing internal cache')).to.equal(1);
  });

  it('on the configuration, nobody restarts the daemon', async () => {
    const lock = pair().r2.file('configuration.lock');
    const since = loggedSince(pair(), 'r2');
    const { start_ticks: ticks } = parseProcessStat(readFileSync('/proc/self/stat', 'utf8'));
    writeFileSync(lock, `${process.pid} ${ticks}\n`);
    const { code, document } = await act(pair(), 'r2', 'restart conntrack-sync --yes');
    expect([code, document.error?.code]).to.deep.equal([1, 'CONFIG_LOCKED']);
    writeFileSync(lock, `${process.pid} 1\n`);
    expect(since()).to.equal('');
  });

  it('on a restart, nobody commits the configuration', async () => {
    const lock = pair().r2.file('configuration.lock');
    const before = readFileSync(conf(), 'utf8');
    const quick = await slowed(pair(), 'r2', { call: 'accept', microseconds: 1_500_000 });
    const acting = act(pair(), 'r2', 'restart conntrack-sync --yes');
    await pair().waitFor(() => /^\d+ (?!1\n)/.test(readFileSync(lock, 'utf8')), { seconds: 30 });
    expect(await failureBy(configure('commit', '--json'))).to.deep.equal({ code: 'CONFIG_LOCKED', exit: 1 });
    const { code, document } = await acting;
    await quick();
    expect([code, document.outcome, stepsOf(document).at(-1)]).to.deep.equal([0, 'done', '-n: done']);
    expect(readFileSync(conf(), 'utf8')).to.equal(before);
    const { stdout } = await configure('commit', '--json');
    expect((documentOf(stdout) as unknown as ActionAnswer).outcome).to.equal('committed');
  });
});
