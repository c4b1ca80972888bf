import { expect } from 'chai';
import type { Health } from '../../src/model/health.js';
import type { SyncStatus } from '../../src/model/sync-status.js';
import { documentOf } from '../support/documents.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const group = (name: string, address: string): string => `vrrp_sync_group ${name} {
 group {
  ${name}
 }
 notify "/usr/libexec/ctsync-failover x"
}
vrrp_instance ${name} {
 virtual_ipaddress {
  ${address}
 }
}`;

describe('contract: the status of an ordinary user', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + configured() + STARTED);
    await sandbox.sh(`mkdir -p /mnt/k/conf.d /mnt/k/closed; chmod 700 /mnt/k/closed
      cat > /mnt/k/conf.d/a.conf << 'END'\n${group('A', '10.255.254.2/24')}\nEND
      cat > /mnt/k/conf.d/b.conf << 'END'\n${group('B', '192.0.2.99/24')}\nEND
      cp /mnt/k/conf.d/*.conf /mnt/k/closed
      for each in 'conf.d/[b]*.conf' conf.d/b.conf 'closed/*.conf' '*/b.conf' conf.d/nosuch.conf 'conf.d/nosuch*.conf'; do
        { echo "include /mnt/k/conf.d/a.conf"; echo "include $each"; } > "/mnt/k/$(echo "$each" | tr '/*[]' '-xxx')"
      done`);
  });
  after(() => sandbox?.stop());
  afterEach(() => sandbox.sh(': > /mnt/sudoers; chmod 644 /mnt/k/conf.d/b.conf'));

  const show = (as: 'operator' | undefined, ...args: string[]) =>
    sandbox.ctsync(['show', 'conntrack-sync', 'status', ...args], {
      ...(as ? { as } : {}),
      env: { ...DAEMON_ENVIRONMENT, CTSYNC_KEEPALIVED_CONFIG: '/mnt/k/conf.d-xbxx.conf' },
    });
  const statusOf = (stdout: string) => documentOf(stdout)['status'] as SyncStatus;
  const rolesIn = ({ roles }: SyncStatus) => roles?.map(({ sync_group, role }) => `${role} of ${sync_group}`);

  it('is whole once all that the first error names is allowed, without the process that root alone can see', async () => {
    const refused = await show('operator', '--json');
    const { next } = statusOf(refused.stdout).unavailable.find(({ part }) => part === 'daemon') ?? {};
    expect(refused.code).to.equal(4);
    const command = `/usr/sbin/conntrackd -C ${DAEMON.conf}`;
    expect(next).to.equal(
      'Run ctsync as root, or allow all that this view needs in /etc/sudoers.d/ctsync: operator ALL=(root) NOPASSWD: ' +
        [' runtime', '', ' link', ' network', ' cache', ' queue'].map((page) => `${command} -s${page}`).join(', '),
    );
    await sandbox.sh(
      `cat > /mnt/sudoers << 'END'\n${/ctsync: (.*)$/.exec(next ?? '')?.[1]}\nEND\nvisudo -c -q -f /mnt/sudoers`,
    );
    const { stdout, stderr, code } = await show('operator', '--json');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    const reason = 'The process that owns the control socket can be seen by root alone';
    expect(statusOf(stdout).unavailable).to.deep.equal([{ part: 'daemon process', reason }]);
    expect(documentOf(stdout).complete).to.equal(true);
    const { not_checked } = documentOf(stdout)['health'] as Health;
    expect(not_checked.filter(({ reason }) => /^conntrackd's control socket/.test(reason))).to.deep.equal([]);
    const page = await show('operator');
    expect(page.stdout).to.match(/^daemon +: running for \d+ min \[The process that owns/m);
    expect(page.code).to.equal(0);
  });

  it('has no role and no mechanism where a file that keepalived includes is closed', async () => {
    await sandbox.sh('chmod 600 /mnt/k/conf.d/b.conf');
    expect(rolesIn(statusOf((await show(undefined, '--json')).stdout))).to.deep.equal(['master of A', 'backup of B']);
    for (const [conf, line, file] of [
      ['conf.d-xbxx.conf', 2, '/mnt/k/conf.d/b.conf'],
      ['conf.d-b.conf', 2, '/mnt/k/conf.d/b.conf'],
      ['closed-x.conf', 2, '/mnt/k/closed'],
      ['x-b.conf', 2, '/mnt/k/conf.d/b.conf'],
    ] as const) {
      const shown = await show('operator', '--json', '--keepalived-config', `/mnt/k/${conf}`);
      const status = statusOf(shown.stdout);
      expect(status, conf).to.not.have.any.keys('roles', 'failover_mechanism');
      for (const part of ['failover-mechanism', 'role']) {
        const found = status.unavailable.find((each) => each.part === part);
        expect(found, conf).to.deep.include({
          code: 'CONFIG_UNREADABLE',
          next: 'Run ctsync as root, or let this user read the file.',
        });
        expect(found?.reason).to.match(
          new RegExp(`^${file} is not readable for this user, and /mnt/k/${conf} includes it in line ${line}`),
        );
      }
      expect(shown.code).to.equal(4);
    }
  });

  it('warns on the page of an include that names no file, and has the rest', async () => {
    for (const [conf, pattern] of [
      ['conf.d-nosuch.conf', 'conf.d/nosuch.conf'],
      ['conf.d-nosuchx.conf', 'conf.d/nosuch*.conf'],
    ] as const) {
      const { stdout, code } = await show(undefined, '--keepalived-config', `/mnt/k/${conf}`);
      expect(stdout).to.include(`: /mnt/k/${conf} line 2: no file to include: ${pattern}\n`);
      expect(stdout).to.match(/^role +: master of A /m);
      expect(code).to.equal(0);
    }
  });
});
