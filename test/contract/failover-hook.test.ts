import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { FailoverHook } from '../../src/model/failover-hook.js';
import { run } from '../lab/run.js';
import { ctsync, fixture } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { failureBy } from '../support/failures.js';
import { missingTools } from '../support/missing-tools.js';
import { needsRoot, skipFor } from '../support/skip.js';

const HOOK = fileURLToPath(new URL('../../libexec/ctsync-failover', import.meta.url));
const COMMAND = ['show', 'configuration', 'hook'];

describe('contract: the failover hook', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-hook-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is a script of sh in which shellcheck finds nothing', async function () {
    skipFor(this, missingTools('the check of the hook needs', ['shellcheck', 'dash']));
    expect(await run(['shellcheck', '--shell', 'sh', HOOK])).to.include({ stdout: '', code: 0 });
    expect(await run(['dash', '-n', HOOK])).to.include({ stderr: '', code: 0 });
  });

  it('refuses every other call in a sentence, and touches nothing', async () => {
    for (const words of [[], ['master'], ['master', ''], ['emperor', 'G'], ['MASTER', 'G'], ['master', 'G\nH']]) {
      const places = words.length === 2 ? ['/none', folder, folder] : [];
      const { stderr, code } = await run([HOOK, ...words, ...places]);
      expect(code, words.join(' ')).to.equal(2);
      expect(stderr).to.match(/^ctsync-failover: usage: .*\n$/);
      expect(readdirSync(folder)).to.deep.equal([]);
    }
  });

  it('records a transition also where there is no conntrackd, and says what was not done', async function () {
    skipFor(this, needsRoot('the hook is run by'));
    const conf = join(folder, 'conntrackd.conf');
    writeFileSync(conf, `General {\n  UNIX {\n    Path ${folder}/none.sock\n  }\n}\n`);
    const group = `G "1"\\ é`;
    const { code } = await run([HOOK, 'master', group, conf, folder, folder]);
    expect(code).to.equal(1);
    const { stdout } = await ctsync(['show', 'conntrack-sync', 'history', '--json'], {
      env: { CTSYNC_STATE_DIR: folder },
    });
    const [transition] = documentOf(stdout)['transitions'] as Record<string, unknown>[];
    expect(transition).to.deep.include({ group, to: 'MASTER', result: 'failed' });
  });

  it('says that it has to be run as root', async function () {
    skipFor(this, needsRoot('to run it as somebody else needs'));
    const hook = join(folder, 'hook');
    await run(['sh', '-c', `cp "$1" "$2" && chmod 755 "$2" "$3"`, 'sh', HOOK, hook, folder]);
    const { stderr, code } = await run([
      ...['setpriv', '--reuid', '65534', '--clear-groups', hook],
      ...['master', 'G', '/none', '/var/lib/ctsync-none', '/run/ctsync-none'],
    ]);
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr:
        'ctsync-failover: /var/lib/ctsync-none is closed to this user: run it as root (script_user root in keepalived.conf).\n',
    });
  });
});

describe('contract: show configuration hook', () => {
  it('prints lines for every group that lacks some', async () => {
    const { stdout, code } = await ctsync([...COMMAND, '--from', fixture('documentation/status/keepalived.conf')]);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^# The sync group \S+ /m);
  });

  it('prints them for a group that is named, with the files that are not the usual ones', async () => {
    const { stdout, stderr, code } = await ctsync([...COMMAND, 'G', '--daemon-config', '/c.conf'], {
      env: { CTSYNC_STATE_DIR: '/s', CTSYNC_RUN_DIR: '/r' },
    });
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    expect(stdout.match(/notify_.*/g)).to.deep.equal(
      ['master', 'backup', 'fault', 'stop'].map((state) => `notify_${state} "${HOOK} ${state} G /c.conf /s /r"`),
    );
  });

  it('tells a program which groups lack them', async () => {
    const conf = join(mkdtempSync(join(tmpdir(), 'ctsync-hook-')), 'k.conf');
    const lines = ['master', 'backup', 'fault'].map((state) => `  notify_${state} "${HOOK} ${state} A"`);
    writeFileSync(conf, ['vrrp_sync_group A {', ...lines, '}', 'vrrp_sync_group B {', lines[0], '}'].join('\n'));
    const { stdout } = await ctsync([...COMMAND, '--keepalived-config', conf, '--json']);
    rmSync(conf);
    const { groups } = documentOf(stdout) as unknown as FailoverHook;
    expect(groups.map(({ sync_group: group, complete }) => [group, complete])).to.deep.equal([
      ['A', true],
      ['B', false],
    ]);
  });

  it('says what to do where there is no configuration, or no group in it', async () => {
    expect(await failureBy(ctsync([...COMMAND, '--keepalived-config', '/none', '--json']))).to.deep.equal({
      code: 'CONFIG_UNREADABLE',
      exit: 1,
    });
    const empty = ctsync([...COMMAND, '--from', '-', '--json'], { input: 'global_defs {\n}\n' });
    expect(await failureBy(empty)).to.deep.equal({ code: 'BAD_ANSWER', exit: 1 });
  });
});
