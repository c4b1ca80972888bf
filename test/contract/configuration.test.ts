import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from '../lab/run.js';
import { commandLine, ctsync, NEUTRAL } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, USAGE } from '../support/failures.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { skipFor } from '../support/skip.js';

const SERVICE = ['service', 'conntrack-sync'];

describe('contract: the configuration', () => {
  let folder: string;
  const env = () => ({
    CTSYNC_CONFIG_DIR: join(folder, 'etc'),
    CTSYNC_STATE_DIR: join(folder, 'lib'),
    CTSYNC_RUN_DIR: join(folder, 'run'),
  });
  const at = (...args: string[]) => ctsync(args, { env: env(), cwd: folder });
  before(function () {
    skipFor(this, process.geteuid?.() === 0 ? undefined : 'only root may change the configuration');
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-configuration-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a command line that has to succeed without a word on stderr. */
  async function done(...args: string[]): Promise<string> {
    const { stdout, stderr, code } = await at(...args);
    expect({ stderr, code }, args.join(' ')).to.deep.equal({ stderr: '', code: 0 });
    return stdout;
  }

  it('is edited in silence, compared, shown in three ways, and discarded', async () => {
    expect(await done('set', ...SERVICE, 'interface', "'eth0'", 'port', '"3781"')).to.equal('');
    await done('set', ...SERVICE, 'accept-protocol', 'tcp');
    await done('set', ...SERVICE, 'accept-protocol', 'udp');
    await done('delete', ...SERVICE, 'accept-protocol', 'udp');
    const lines = `set service conntrack-sync accept-protocol 'tcp'\nset service conntrack-sync interface eth0 port '3781'\n`;
    expect(await at('compare')).to.deep.equal({ stdout: lines, stderr: '', code: 5, signal: null });
    expect(await done('show', 'configuration', '--candidate', '--commands')).to.equal(lines);
    expect(await done('show', 'configuration', '--candidate')).to.equal(`service {
    conntrack-sync {
        accept-protocol tcp
        interface eth0 {
            port 3781
        }
    }
}
`);
    expect(await done('show', 'configuration', '--candidate', '--rendered')).to.match(
      /Group 3781 +# interface eth0 port '3781'/,
    );
    await done('discard');
    expect((await at('compare')).code).to.equal(0);
    expect((await at('discard')).stderr).to.equal('Warning: There was no candidate to drop.\n');
  });

  it('has valid documents', async () => {
    const set = documentOf(await done('set', ...SERVICE, 'interface', 'eth0', '--json'));
    expect(set.schema).to.equal('ctsync/candidate/1');
    expect(set['changes']).to.deep.equal(['set service conntrack-sync interface eth0']);
    const shown = documentOf(await done('show', 'configuration', '--candidate', '--rendered', '--json'));
    expect(shown).to.deep.include({ candidate: true, configuration: { interface: [{ name: 'eth0' }] } });
    expect(shown['rendered']).to.match(/^# Written by ctsync/);
    const compared = documentOf((await at('compare', '--json')).stdout);
    expect(compared['changes']).to.have.length(1);
    expect(documentOf((await at('show', 'configuration', '--json')).stdout)['notes']).to.deep.equal([
      'No statement of conntrack-sync is set.',
    ]);
    const refused = await at('commit', '--dry-run', '--json', '--keepalived-config', '/nonexistent');
    const document = documentOf(refused.stdout);
    expect([document['outcome'], refused.code, refused.stderr]).to.deep.equal(['refused', 1, '']);
    expect(document.error?.code).to.equal('CONFIG_REFUSED');
  });

  it('is loaded from what VyOS shows, saved, and loaded again', async () => {
    const lines = `set high-availability vrrp sync-group OTHER member 'LAN'
set service conntrack-sync failover-mechanism vrrp sync-group 'GEFOEKOM'
set service conntrack-sync interface eth0
set service ssh port '22'
`;
    writeFileSync(join(folder, 'vyos'), lines);
    const loaded = await at('load', 'vyos');
    expect(loaded.stderr).to.equal(
      'Warning: 2 statements of other services were left alone.\nWarning: The sync group GEFOEKOM is none of those that vyos has: OTHER.\n',
    );
    expect(loaded.code).to.equal(0);
    await done('save', 'saved', '--candidate');
    expect(readFileSync(join(folder, 'saved'), 'utf8')).to.equal(lines.split('\n').slice(1, 3).join('\n') + '\n');
    await done('set', ...SERVICE, 'startup-resync');
    const saved = readFileSync(join(folder, 'saved'), 'utf8');
    const again = await run(commandLine(['load', '-']), { env: { ...NEUTRAL, ...env() }, input: saved });
    expect(again).to.include({ stderr: '', code: 0 });
    expect(await done('show', 'configuration', '--candidate', '--commands')).to.equal(saved);
  });

  it('is changed on the node itself alone', async () => {
    const changes = [
      'commit',
      'rollback',
      'discard',
      'load x',
      'save x',
      'import x',
      'set service conntrack-sync disable-syslog',
    ];
    for (const words of changes.map((each) => each.split(' '))) {
      for (const flag of ['--netns', '--host', '--from']) {
        const { stdout, stderr, code } = await at(...words, `${flag}=r1`);
        expect({ stdout, code }).to.deep.equal({ stdout: '', code: 2 });
        expect(stderr).to.equal(
          `Error: A change of the configuration is for the node that it is typed on: it takes no ${flag}. [USAGE]\n` +
            '  next:    Run it there. In a network namespace: "ip netns exec NAME ctsync …".\n',
        );
      }
    }
    expect(existsSync(join(folder, 'lib'))).to.equal(false);
  });

  it('of a file that is wrong changes nothing', async () => {
    writeFileSync(
      join(folder, 'wrong'),
      'set service conntrack-sync interface eth0\nset service conntrack-sync frob\n',
    );
    await expectFailureOf(
      ['load', 'wrong'],
      'BAD_CAPTURE',
      /^wrong has a mistake in line 2: There is no statement 'frob'/,
    );
    writeFileSync(join(folder, 'other'), "set system host-name 'x'\n");
    await expectFailureOf(['load', 'other'], 'BAD_CAPTURE', /^other has no statement of service conntrack-sync\.$/);
    await expectFailureOf(['load', 'nosuch'], 'CAPTURE_UNREADABLE', /^nosuch does not exist\.$/);
    await expectFailureOf(['import', 'wrong'], 'CONFIG_INVALID', /^wrong has a mistake in line 1 at the symbol 'set'/);
    expect(existsSync(join(folder, 'lib'))).to.equal(false);
  });

  async function expectFailureOf(args: string[], code: string, message: RegExp): Promise<void> {
    const { error } = documentOf((await at(...args, '--json')).stdout);
    expect(error?.code).to.equal(code);
    expect(error?.message).to.match(message);
  }

  it('names what is wrong with a statement, what is not set, and what was never committed', async () => {
    await expectFailure(
      (...flags) => at('set', ...SERVICE, 'interface', 'eth0', 'port', '70000', ...flags),
      {
        code: 'USAGE',
        message: "'70000' is no port: it takes a number from 1 to 65535.",
        next: 'Add --help to see all statements.',
      },
      USAGE,
    );
    await expectFailure((...flags) => at('delete', ...SERVICE, 'interface', 'eth0', ...flags), {
      code: 'NOT_CONFIGURED',
      message: 'Nothing to delete: service conntrack-sync interface eth0 is not set.',
      next: 'See what is set: "ctsync show configuration --candidate --commands".',
    });
    await expectFailureOf(['commit'], 'NOT_CONFIGURED', /^There is nothing to commit/);
    await expectFailureOf(['rollback'], 'NOT_CONFIGURED', /^There is no configuration before this one\.$/);
  });

  it('follows no link, and uses no folder that others may write to', async () => {
    await done('set', ...SERVICE, 'interface', 'eth0');
    rmSync(join(folder, 'lib', 'candidate.conf'));
    writeFileSync(join(folder, 'precious'), 'precious\n');
    symlinkSync(join(folder, 'precious'), join(folder, 'lib', 'candidate.conf'));
    await expectFailureOf(
      ['set', ...SERVICE, 'interface', 'eth0'],
      'CONFIG_UNREADABLE',
      /candidate\.conf is a symbolic link\.$/,
    );
    symlinkSync(join(folder, 'precious'), join(folder, 'link'));
    await expectFailureOf(['save', 'link'], 'OUTPUT_FAILED', /link is a symbolic link\.$/);
    expect(readFileSync(join(folder, 'precious'), 'utf8')).to.equal('precious\n');
    await run(['chmod', '0777', join(folder, 'lib')]);
    await expectFailureOf(['discard'], 'OUTPUT_FAILED', /lib could be written to by others than root\.$/);
  });

  it('is edited by one at a time; what a killed one has left keeps nobody', async () => {
    const statements = Array.from({ length: 8 }, (_, index) => `10.0.0.${index + 1}`);
    const outcomes = await Promise.all(statements.map((address) => at('set', ...SERVICE, 'ignore-address', address)));
    const kept = await done('show', 'configuration', '--candidate', '--commands');
    for (const [index, { code, stderr }] of outcomes.entries()) {
      // With eight at once on a slow machine, one may have had to wait too long; then it says so.
      if (code === 0) expect(kept).to.include(`'${statements[index]!}'`);
      else expect(stderr).to.match(/\[CONFIG_LOCKED\]/);
    }
    const lock = join(folder, 'run', 'configuration.lock');
    writeFileSync(
      lock,
      `${process.pid} ${/\) \S(?: -?\d+){18} (\d+)/.exec(readFileSync('/proc/self/stat', 'utf8'))![1]}\n`,
    );
    await expectFailureOf(
      ['discard'],
      'CONFIG_LOCKED',
      new RegExp(`^Another ctsync, process ${process.pid}, is at work`),
    );
    for (const left of [`${process.pid} 1\n`, '', 'nobody\n', '../self 1\n']) {
      writeFileSync(lock, left);
      const { code, stderr } = await at('discard');
      expect({ code, left }).to.deep.equal({ code: 0, left });
      expect(stderr).to.not.match(/Error/);
      expect(existsSync(lock)).to.equal(false);
    }
  });

  it('survives a closed pipe, and says where a disk is full', async () => {
    await done('set', ...SERVICE, 'interface', 'eth0');
    const shown = ['show', 'configuration', '--candidate', '--rendered'];
    const pipe = await run(['bash', '-c', '"$@" | true; echo "${PIPESTATUS[0]}"', 'bash', ...commandLine(shown)], {
      env: { ...NEUTRAL, ...env() },
    });
    expect(pipe).to.include({ stdout: '0\n', stderr: '' });
    const full = await run(['bash', '-c', '"$@" > /dev/full', 'bash', ...commandLine(shown)], {
      env: { ...NEUTRAL, ...env() },
    });
    expect(full.code).to.equal(1);
    expect(full.stderr).to.match(/\[OUTPUT_FAILED\]/);
  });

  it('shows nothing that a terminal would obey', async () => {
    const { stderr } = await at('set', ...SERVICE, 'interface', '\u001b[2Jeth0');
    expect(stderr).to.include('\\x1b[2Jeth0').and.to.not.include('\u001b');
  });
});

describe('contract: the configuration for who is not root', () => {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start('mkdir -m 755 /mnt/e /mnt/v /mnt/r');
  });
  after(() => sandbox?.stop());
  const env = { CTSYNC_CONFIG_DIR: '/mnt/e', CTSYNC_STATE_DIR: '/mnt/v', CTSYNC_RUN_DIR: '/mnt/r' };

  it('is shown, and not changed', async () => {
    await sandbox.ctsync(['set', 'service', 'conntrack-sync', 'interface', 'lo'], { env });
    const shown = await sandbox.ctsync(['show', 'configuration', '--candidate', '--commands'], { env, as: 'operator' });
    expect(shown).to.include({ stdout: 'set service conntrack-sync interface lo\n', code: 0 });
    for (const args of [
      ['set', ...SERVICE, 'startup-resync'],
      ['delete', ...SERVICE],
      ['discard'],
      ['commit'],
      ['rollback'],
    ]) {
      const { stderr, code } = await sandbox.ctsync(args, { env, as: 'operator' });
      expect(stderr).to.equal(
        'Error: Only root may change the configuration, not operator. [PERMISSION_DENIED]\n  next:    Run ctsync as root. Nothing was touched.\n',
      );
      expect(code).to.equal(1);
    }
  });
});
