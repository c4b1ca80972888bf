import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { documentOf } from '../support/documents.js';
import { active } from './actions-support.js';
import { committed, done, foldersOf, on } from './config-support.js';
import { transitionsIn } from './hook-record.js';
import { childEnvironment, ended, launch } from './run.js';
import { addFlows, linksRunning, pairFor } from './views-support.js';

describe('a commit on a backup that does not come to its end', function () {
  this.timeout(120_000);
  const pair = pairFor();
  const FLOWS = 30;
  const journal = () => join(foldersOf(pair(), 'r2').CTSYNC_STATE_DIR!, 'commit.json');
  const external = async () => (await active(pair(), 'r2'))[1];
  const shared = () =>
    pair().waitFor(async () => (await external()) === FLOWS, { what: 'the flows to be on the backup' });
  // A restart empties the external cache: a failover would lose every flow until it is filled again.
  before(async () => {
    await done(pair(), 'r2', `import ${pair().r2.file('conntrackd.conf')}`);
    await done(pair(), 'r2', 'set service conntrack-sync failover-mechanism vrrp sync-group GEFOEKOM');
    await done(pair(), 'r2', 'commit');
    await linksRunning(pair());
    await addFlows({ lab: pair(), router: 'r1' }, FLOWS);
    await shared();
  });

  it('has the external cache filled again where the old file is put back', async () => {
    await on(pair(), 'r2', 'set', 'service', 'conntrack-sync', 'pass-through', 'general', 'LockFile /nosuch/lock');
    const { document } = await committed(pair(), 'r2');
    expect(document.error?.code).to.equal('COMMIT_FAILED');
    expect(document.error?.next).to.include('ctsync asked the peer for all its flows (-n): this node is backup.');
    await shared();
    await done(pair(), 'r2', 'discard');
  });

  it('has it filled by the next commit where it was killed before it had noted its end', async () => {
    await done(pair(), 'r2', 'set service conntrack-sync purge-timeout 75');
    const inject = ['-P', journal(), '-e', 'trace=unlink', '-e', 'inject=unlink:signal=SIGKILL'];
    const killed = ['strace', '-f', '-b', 'execve', '-qq', '-o', '/dev/null', ...inject];
    const { code } = await pair().exec('r2', [...killed, process.execPath, 'bin/run.js', 'commit'], {
      env: foldersOf(pair(), 'r2'),
    });
    expect(code).to.not.equal(0);
    // What it may have asked for by then does not count.
    await linksRunning(pair());
    await pair().r2.ask('-f', 'external');
    expect(await external()).to.equal(0);
    const { document } = await committed(pair(), 'r2');
    expect(document.steps).to.deep.equal([
      'left conntrackd alone: to it, nothing has changed',
      'asked the peer for all its flows (-n): this node is backup',
    ]);
    await shared();
    expect((await committed(pair(), 'r2')).document.outcome).to.equal('unchanged');
  });

  /** A commit whose daemon takes two seconds to start, once it has begun. */
  const slowCommit = async (seconds: number) => {
    const slow = pair().r2.file('slow');
    await mkdir(slow, { recursive: true });
    const script = '#!/bin/sh\n[ "$1" != -d ] || sleep 2\nexec /usr/sbin/conntrackd "$@"\n';
    await writeFile(join(slow, 'conntrackd'), script);
    await chmod(join(slow, 'conntrackd'), 0o755);
    await done(pair(), 'r2', `set service conntrack-sync purge-timeout ${seconds}`);
    const { namespaces, r2 } = pair();
    const commit = launch(['ip', 'netns', 'exec', namespaces.r2, process.execPath, 'bin/run.js', 'commit'], {
      env: {
        ...childEnvironment(),
        ...r2.environment,
        ...foldersOf(pair(), 'r2'),
        PATH: `${slow}:${process.env['PATH'] ?? ''}`,
      },
      stdio: 'ignore',
    });
    await pair().waitFor(() => existsSync(journal()), { what: 'the commit to begin' });
    await sleep(300);
    return commit;
  };

  it('goes on where the connection is lost, which a shell tells twice', async () => {
    const commit = await slowCommit(76);
    commit.kill('SIGHUP');
    await sleep(100);
    commit.kill('SIGHUP');
    await ended(commit);
    expect(commit.exitCode).to.equal(129);
    expect(await pair().r2.ask('-s', 'runtime')).to.match(/^daemon uptime/);
    expect(existsSync(journal())).to.equal(false);
    await shared();
  });

  it('has a transition wait for its end, and is not begun beside one', async () => {
    const { CTSYNC_STATE_DIR: state = '', CTSYNC_RUN_DIR: run = '' } = foldersOf(pair(), 'r2');
    const commit = await slowCommit(78);
    const call = ['libexec/ctsync-failover', 'backup', 'GEFOEKOM', pair().r2.file('conntrackd.conf'), state, run];
    const { code } = await pair().exec('r2', call);
    const [transition] = await transitionsIn(state);
    expect([code, transition?.result]).to.deep.equal([0, 'done']);
    expect(transition?.waited_seconds).to.be.above(0.5);
    await ended(commit);
    expect(commit.exitCode).to.equal(0);

    const beside = ['flock', join(run, 'failover.lock'), process.execPath, 'bin/run.js', 'commit', '--json'];
    const refused = await pair().exec('r2', beside, { env: foldersOf(pair(), 'r2') });
    expect([refused.code, documentOf(refused.stdout).error?.code]).to.deep.equal([1, 'ACTION_REFUSED']);
  });

  it('starts a daemon that was killed, whose lock is still there, beside one of a container', async () => {
    const file = 'General {\nLockFile /mnt/lock\nUNIX {\nPath /mnt/sock\n}\n}\nStats {\nLogFile off\n}\n';
    const contained = 'mount -t tmpfs tmpfs /mnt && cat > /mnt/c.conf && exec conntrackd -C /mnt/c.conf';
    const inside = ['ip', 'netns', 'exec', pair().namespaces.client, 'unshare', '--mount', 'sh', '-c', contained];
    const other = launch(inside, { env: childEnvironment(), stdio: ['pipe', 'ignore', 'ignore'] });
    other.stdin?.end(file);
    try {
      await pair().waitFor(() => existsSync(`/proc/${String(other.pid)}/root/mnt/sock`));
      const own = ['pgrep', '-f', `conntrackd -d -C ${pair().r2.file('conntrackd.conf')}`];
      const [pid] = /\d+/.exec((await pair().exec('r2', own)).stdout) ?? [];
      process.kill(Number(pid), 'SIGKILL');
      await done(pair(), 'r2', 'set service conntrack-sync purge-timeout 79');
      const { document } = await committed(pair(), 'r2');
      expect([document.outcome, document.error]).to.deep.equal(['committed', undefined]);
    } finally {
      other.kill('SIGTERM');
      await ended(other);
    }
  });

  it('says that it was made where its report can not be written', async () => {
    await done(pair(), 'r2', 'set service conntrack-sync purge-timeout 77');
    const full = ['sh', '-c', '"$0" "$@" > /dev/full', process.execPath, 'bin/run.js', 'commit'];
    const { code, stderr } = await pair().exec('r2', full, { env: foldersOf(pair(), 'r2') });
    expect(code).to.equal(4);
    expect(stderr).to.match(
      /^Error: The configuration was committed\. The output could not be written: .*\n.*Only the report is lost/,
    );
  });
});
