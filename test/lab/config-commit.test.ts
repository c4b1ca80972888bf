import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { committed, done, foldersOf, on } from './config-support.js';
import type { RouterName } from './plan.js';
import { linksRunning, pairFor } from './views-support.js';

describe('a configuration that is committed on a pair', () => {
  const pair = pairFor();
  const conf = (router: RouterName) => readFileSync(pair()[router].file('conntrackd.conf'), 'utf8');

  it('is that of the file until then, of which nothing is lost', async () => {
    for (const router of ['r1', 'r2'] as const) {
      await done(pair(), router, `import ${pair()[router].file('conntrackd.conf')}`);
      await done(pair(), router, 'set service conntrack-sync failover-mechanism vrrp sync-group GEFOEKOM');
    }
    const before = conf('r1');
    const { document, code } = await committed(pair(), 'r1', '--dry-run');
    expect(code).to.equal(0);
    expect(document.outcome).to.equal('dry-run');
    expect(document.findings.filter(({ severity }) => severity === 'error')).to.deep.equal([]);
    expect(conf('r1')).to.equal(before);
  });

  it('restarts the daemon, and fills the caches again by role', async () => {
    const master = await committed(pair(), 'r1');
    expect(master.document.steps[0]).to.equal(`wrote ${pair().r1.file('conntrackd.conf')}`);
    expect(master.document.steps[1]).to.match(/^restarted conntrackd, which answers as process \d+$/);
    expect(master.document.steps[2]).to.equal(
      'asked conntrackd to send all flows to the peer (-B): this node is master',
    );
    expect(master.document.notes.join(' ')).to.include('"conntrackd -f external" and then "conntrackd -n"');
    const log = () => readFileSync(pair().r2.file('conntrackd.log'), 'utf8');
    const earlier = log().length;
    const backup = await committed(pair(), 'r2');
    expect(backup.document.steps[2]).to.equal('asked the peer for all its flows (-n): this node is backup');
    expect([master.code, backup.code]).to.deep.equal([0, 0]);
    await linksRunning(pair());
    expect(readFileSync(pair().r1.file('conntrackd.log'), 'utf8')).to.include('sending bulk update');
    expect(log().slice(earlier)).to.include('resync requested').and.to.not.include('sending bulk update');
  });

  it('does nothing where nothing has changed', async () => {
    const [status] = (await pair().r1.ask('-s', 'runtime')).split('\n');
    const { document, code } = await committed(pair(), 'r1');
    expect([document.outcome, document.steps, code]).to.deep.equal(['unchanged', [], 0]);
    expect(status).to.match(/^daemon uptime/);
  });

  it('is refused with all that is wrong, and nothing is touched', async () => {
    const before = conf('r1');
    await done(pair(), 'r1', 'set service conntrack-sync interface nosuch0');
    await done(pair(), 'r1', 'set service conntrack-sync failover-mechanism vrrp sync-group NOSUCH');
    await done(pair(), 'r1', 'set service conntrack-sync listen-address 192.0.2.1');
    const { document, code } = await committed(pair(), 'r1');
    expect(code).to.equal(1);
    expect(document.outcome).to.equal('refused');
    expect(document.error?.code).to.equal('CONFIG_REFUSED');
    const errors = document.findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ statement }) => statement)).to.deep.equal([
      'interface nosuch0',
      'interface nosuch0',
      "listen-address '192.0.2.1'",
      "failover-mechanism vrrp sync-group 'NOSUCH'",
    ]);
    expect(conf('r1')).to.equal(before);
    await done(pair(), 'r1', 'discard');
  });

  it('puts the old file back where the daemon does not come up, with its words', async () => {
    const before = conf('r1');
    await done(pair(), 'r1', 'set service conntrack-sync helper rpc');
    await on(pair(), 'r1', 'set', 'service', 'conntrack-sync', 'pass-through', 'general', `LockFile /nosuch/lock`);
    const { code, document } = await committed(pair(), 'r1');
    expect(code).to.equal(1);
    expect(document.error?.code).to.equal('COMMIT_FAILED');
    expect(document.error?.tool_says).to.match(/ERROR/);
    expect(document.error?.next).to.match(
      /^The old configuration is back, and conntrackd runs with it as process \d+\./,
    );
    expect(conf('r1')).to.equal(before);
    expect(await pair().r1.ask('-s', 'runtime')).to.match(/^daemon uptime/);
    expect(await done(pair(), 'r1', 'show configuration --candidate --commands')).to.include('/nosuch/lock');
    await done(pair(), 'r1', 'discard');
  });

  it('goes back to the configuration before', async () => {
    await done(pair(), 'r2', 'set service conntrack-sync purge-timeout 77');
    expect((await committed(pair(), 'r2')).code).to.equal(0);
    expect(conf('r2')).to.match(/PurgeTimeout 77 +# purge-timeout '77'/);
    await done(pair(), 'r2', 'rollback');
    expect(conf('r2')).to.match(/PurgeTimeout 60 +# default/);
  });

  it('leaves a file alone that was changed by hand', async () => {
    writeFileSync(pair().r2.file('conntrackd.conf'), conf('r2').replace('PurgeTimeout 60', 'PurgeTimeout 61'));
    await done(pair(), 'r2', 'set service conntrack-sync startup-resync');
    const { document } = await committed(pair(), 'r2');
    expect(document.error?.code).to.equal('CONFIG_CHANGED');
    await done(pair(), 'r2', `import ${pair().r2.file('conntrackd.conf')}`);
    const again = await committed(pair(), 'r2');
    expect(again.document.changes).to.deep.equal(["set service conntrack-sync purge-timeout '61'"]);
    // The daemon has not read that file yet.
    expect(again.document.steps[1]).to.match(/^restarted conntrackd/);
  });

  it('is refused where the configuration was changed since the candidate began', async () => {
    const statements = join(foldersOf(pair(), 'r2').CTSYNC_CONFIG_DIR!, 'conntrack-sync.conf');
    await done(pair(), 'r2', 'set service conntrack-sync purge-timeout 62');
    writeFileSync(statements, `${readFileSync(statements, 'utf8')}\n# by somebody else\n`);
    const { document, code } = await committed(pair(), 'r2');
    expect([document.error?.code, code]).to.deep.equal(['CONFIG_CHANGED', 1]);
    await done(pair(), 'r2', 'discard');
  });

  it('is not begun while the daemon is stopped', async () => {
    const before = conf('r1');
    const [pid] =
      /\d+/.exec(
        (await pair().exec('r1', ['pgrep', '-f', `conntrackd -d -C ${pair().r1.file('conntrackd.conf')}`])).stdout,
      ) ?? [];
    await done(pair(), 'r1', 'set service conntrack-sync purge-timeout 63');
    await pair().exec('r1', ['kill', '-STOP', pid!]);
    try {
      const { document } = await committed(pair(), 'r1', '--timeout', '1');
      expect(document.error?.code).to.equal('TIMEOUT');
      expect(document.error?.message).to.include(`process ${pid}, is stopped`);
    } finally {
      await pair().exec('r1', ['kill', '-CONT', pid!]);
    }
    expect(conf('r1')).to.equal(before);
    expect(await pair().r1.ask('-s', 'runtime')).to.match(/^daemon uptime/);
    await done(pair(), 'r1', 'discard');
  });
});

describe('a commit that is killed', () => {
  const pair = pairFor({ keepalived: false });
  let aside: string;
  before(() => {
    mkdirSync(pair().folder, { recursive: true });
    aside = mkdtempSync(join(pair().folder, 'killed-'));
  });
  after(() => rmSync(aside, { recursive: true, force: true }));

  const KILLED_AT = [
    ...[1, 2, 3, 4, 5, 6].map((nth) => ['rename', nth] as const),
    ...[1, 2, 3].map((nth) => ['unlink', nth] as const),
    ...[1, 2].map((nth) => ['kill', nth] as const),
  ];

  it('leaves the old or the new file at every step, and the next one puts all right', async function () {
    this.timeout(240_000);
    const lab = pair();
    const file = lab.r1.file('conntrackd.conf');
    const statements = join(foldersOf(lab, 'r1').CTSYNC_CONFIG_DIR!, 'conntrack-sync.conf');
    await done(lab, 'r1', `import ${file}`);
    await done(lab, 'r1', 'set service conntrack-sync failover-mechanism vrrp sync-group GEFOEKOM');
    await done(lab, 'r1', 'commit');
    let seconds = 100;
    let killed = 0;
    for (const [call, nth] of KILLED_AT) {
      seconds += 1;
      await done(lab, 'r1', `set service conntrack-sync purge-timeout ${seconds}`);
      const wanted = {
        conf: new RegExp(`PurgeTimeout ${seconds} `),
        statements: new RegExp(`purge-timeout '${seconds}'`),
      };
      const old = [readFileSync(file, 'utf8'), readFileSync(statements, 'utf8')];
      const inject = `inject=${call}:signal=SIGKILL:when=${nth}`;
      const under = [
        'strace',
        '-f',
        '-b',
        'execve',
        '-qq',
        '-o',
        '/dev/null',
        '-e',
        inject,
        process.execPath,
        'bin/run.js',
        'commit',
      ];
      const outcome = await lab.exec('r1', under, { env: foldersOf(lab, 'r1') });
      if (outcome.code !== 0) killed += 1;
      const left = [readFileSync(file, 'utf8'), readFileSync(statements, 'utf8')];
      const what = `${call} ${nth}: ${outcome.stderr}`;
      if (left[0] !== old[0])
        expect(left[0], what)
          .to.match(wanted.conf)
          .and.to.match(/\n}\n$/);
      if (left[1] !== old[1]) expect(left[1], what).to.match(wanted.statements);
      await done(lab, 'r1', 'commit');
      expect(readFileSync(file, 'utf8'), what).to.match(wanted.conf);
      expect(readFileSync(statements, 'utf8'), what).to.match(wanted.statements);
      expect(await lab.r1.ask('-s', 'runtime'), what).to.match(/^daemon uptime/);
      expect((await on(lab, 'r1', 'compare')).code, what).to.equal(0);
      expect((await on(lab, 'r1', 'compare')).stderr, what).to.equal('');
    }
    expect(killed).to.be.above(KILLED_AT.length / 2);
  });
});
