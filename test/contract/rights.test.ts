import { expect } from 'chai';
import type { FailureReport } from '../../src/model/failure.js';
import { expectFailure } from '../support/failures.js';
import { OPERATOR, Sandbox, sandboxUnavailable, without } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const SAYS_CONNTRACK = 'Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this';
const SAYS_CONNTRACKD = "can't connect: is conntrackd running? appropriate permissions?";

/** The line of sudoers that lets the operator run a command as root. */
function allowed(...commands: string[]): string {
  const words = commands.map((command) => `/usr/sbin/${command.replace(/[,:=]/g, '\\$&')}`);
  return `${OPERATOR.name} ALL=(root) NOPASSWD: ${words.join(', ')}`;
}

/** What an error tells the operator to do about it. */
function howTo(commands: readonly string[]): string {
  const which = commands.length === 1 ? 'that command' : 'all that this view needs';
  return `Run ctsync as root, or allow ${which} in /etc/sudoers.d/ctsync: ${allowed(...commands)}`;
}

describe('contract: rights', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(3) + configured() + STARTED);
  });
  after(() => sandbox?.stop());
  afterEach(() => sandbox.sh(`: > /mnt/sudoers; chmod 644 ${DAEMON.conf}`));

  const allow = (...lines: string[]) => sandbox.sh(`cat > /mnt/sudoers << 'END'\n${lines.join('\n')}\nEND`);

  const daemonPid = async () => (await sandbox.sh('cat /mnt/conntrackd.pid')).trim();

  const asOperator =
    (command: string[], first = '') =>
    (...flags: string[]) =>
      sandbox.ctsync([...command, ...flags], { as: 'operator', env: DAEMON_ENVIRONMENT, first });

  const conntrackd = (request: string): string => `conntrackd -C ${DAEMON.conf} ${request}`;

  /** What each command runs first, and what it says to the operator; then what else it runs, in its order. */
  const commands: [command: string, runs: string, kind: 'kernel' | 'socket', all?: string[]][] = [
    ['show conntrack table ipv4', 'conntrack -L -f ipv4 -o extended,id', 'kernel'],
    ['show conntrack table ipv6', 'conntrack -L -f ipv6 -o extended,id', 'kernel'],
    ['show conntrack dying', 'conntrack -L dying -o extended,id', 'kernel'],
    ['show conntrack expect', 'conntrack -L expect -f ipv4', 'kernel', ['conntrack -L expect -f ipv6']],
    ['show conntrack-sync cache internal', conntrackd('-s'), 'socket', ['-s runtime', '-i'].map(conntrackd)],
    ['show conntrack-sync cache external', conntrackd('-s'), 'socket', ['-s runtime', '-e'].map(conntrackd)],
    ['show conntrack-sync statistics', conntrackd('-s'), 'socket', [conntrackd('-s expect')]],
  ];
  for (const [command, runs, kind, others = []] of commands) {
    const failure: FailureReport = {
      code: 'PERMISSION_DENIED',
      message:
        kind === 'kernel'
          ? `${runs} needs root or CAP_NET_ADMIN, and operator has neither.`
          : `conntrackd's control socket ${DAEMON.socket} is closed to operator.`,
      tool_says: kind === 'kernel' ? SAYS_CONNTRACK : SAYS_CONNTRACKD,
      next: howTo([runs, ...others]),
    };

    describe(command, () => {
      it('says what it needs where sudo may not be used', async () => {
        await allow(...commands.map(([, line]) => allowed(line)));
        await expectFailure(asOperator([...command.split(' '), '--no-sudo']), failure);
      });

      it('says the same where sudo does not allow it', () => expectFailure(asOperator(command.split(' ')), failure));
    });
  }

  it('shows the expectations through sudo once both families are allowed, and is incomplete with only one', async () => {
    const expect4 = allowed('conntrack -L expect -f ipv4');
    await allow(expect4, allowed('conntrack -L expect -f ipv6'));
    const shown = await asOperator(['show', 'conntrack', 'expect'])();
    expect(shown).to.include({ stdout: 'No expectations.\n', stderr: '', code: 0 });
    await allow(expect4);
    const refused = await asOperator(['show', 'conntrack', 'expect'])();
    expect(refused).to.include({ stdout: '', code: 1 });
    expect(refused.stderr).to.match(
      /^Error: conntrack -L expect -f ipv6 needs root or CAP_NET_ADMIN, .*PERMISSION_DENIED/,
    );
  });

  it('counts and shows counters without any rights, and without sudo', async () => {
    const count = await asOperator(['show', 'conntrack', 'count'])();
    expect(count).to.include({ stderr: '', code: 0 });
    expect(count.stdout).to.match(
      /^flows {8}: \d+ of \d+ .*\n(?:.*\n)*expectations : at most \d+ \[only root may count them\]\n/,
    );
    const counters = await asOperator(['show', 'conntrack', 'statistics'])();
    expect(counters).to.include({ stderr: '', code: 0 });
    expect(counters.stdout).to.match(
      /^COUNTER .*\n[^]*\nRead from \/proc\/net\/stat\/nf_conntrack\. It counts \d+ flows/,
    );
  });

  describe('where the kernel has no /proc/net/stat/nf_conntrack', () => {
    // /proc/net is that of each process: it is hidden from the one that becomes ctsync.
    const first = 'mount -t tmpfs -o mode=755 none "/proc/$$/net"';
    it('has the counters through sudo, or says what they need', async () => {
      const command = ['show', 'conntrack', 'statistics'];
      const refused = await asOperator(command, first)();
      expect(refused.stderr).to.match(/^Error: conntrack -S needs root or CAP_NET_ADMIN, .*PERMISSION_DENIED/);
      expect(refused.code).to.equal(1);
      await allow(allowed('conntrack -S'), allowed('conntrack -S expect'));
      const shown = await asOperator(command, first)();
      expect(shown).to.include({ stderr: '', code: 0 });
      expect(shown.stdout).to.match(/^COUNTER .*\n[^]*\nexpect_delete /);
      await allow(allowed('conntrack -S'));
      const half = await asOperator(command, first)();
      expect(half.stdout)
        .to.match(/^COUNTER .*\n[^]*\ninvalid /)
        .and.not.include('expect_delete');
      expect(half.stderr).to.match(/^Error: conntrack -S expect needs root or CAP_NET_ADMIN/);
      expect(half.code).to.equal(4);
    });
  });

  it('says the same where sudo wants a password', async () => {
    await allow(allowed('conntrack -L -f ipv4 -o extended,id').replace('NOPASSWD: ', ''));
    const { code, stderr } = await asOperator(['show', 'conntrack', 'table', 'ipv4'])();
    expect(stderr).to.match(/^Error: conntrack -L .* \[PERMISSION_DENIED\]\n {2}it says: Operation failed: sorry/);
    expect(code).to.equal(1);
  });

  it('says the same where sudo is not installed', async () => {
    const { code, stderr } = await asOperator(['show', 'conntrack', 'table', 'ipv4'], without('sudo'))();
    expect(stderr).to.match(/^Error: conntrack -L .* \[PERMISSION_DENIED\]\n/);
    expect(code).to.equal(1);
  });

  it('names what both families need at once', async () => {
    const commands = ['ipv4', 'ipv6'].map((family) => `conntrack -L -f ${family} -o extended,id`);
    const { stderr, code } = await sandbox.ctsync(['show', 'conntrack', 'table'], { as: 'operator' });
    expect(stderr).to.include(howTo(commands));
    expect(code).to.equal(1);
  });

  it('shows the table through sudo with the very line that the error gave', async () => {
    const table = ['show', 'conntrack', 'table', 'ipv4'];
    const refused = await asOperator(table)();
    await allow(/ctsync: (.*)\n$/.exec(refused.stderr)?.[1] ?? '');
    const shown = await asOperator(table)();
    expect(shown).to.include({ stderr: '', code: 0 });
    expect(shown.stdout).to.match(
      / 10\.0\.0\.2:4000 [^]*\n\d flows, complete \(about \d in the table, \d\.\d s\)\.\n$/,
    );
  });

  it('gives a line that allows this very command, whatever its configuration is called', async () => {
    const odd = String.raw`/mnt/o d,d:=#[a]*?!\conf`;
    await sandbox.sh(`cp ${DAEMON.conf} '${odd}'; cp ${DAEMON.conf} '${odd.replace('*', 'x')}'`);
    const statistics = (conf: string) => asOperator(['show', 'conntrack-sync', 'statistics'])('--daemon-config', conf);
    const refused = await statistics(odd);
    const line = /ctsync: (.*)\n$/.exec(refused.stderr)?.[1] ?? '';
    await allow(line);
    expect((await statistics(odd)).stdout).to.match(/^Main Table Statistics:\n/);
    expect((await statistics(odd.replace('*', 'x'))).stderr).to.include('[PERMISSION_DENIED]');
  });

  it('shows a cache through sudo once all that it reads is allowed', async () => {
    const reads = ['-s', '-s runtime', '-i'].map((request) => allowed(`conntrackd -C ${DAEMON.conf} ${request}`));
    await allow(...reads);
    const shown = await asOperator(['show', 'conntrack-sync', 'cache', 'internal'])();
    expect(shown).to.include({ stderr: '', code: 0 });
    expect(shown.stdout).to.match(/\n3 flows in the internal cache, complete\.\n$/);
  });

  it('keeps its deadline also where the tool is run by sudo, and leaves no client of it behind', async () => {
    await allow(allowed(`conntrackd -C ${DAEMON.conf} -s`));
    await sandbox.sh('kill -STOP $(cat /mnt/conntrackd.pid)');
    try {
      const { stderr, code } = await asOperator(['show', 'conntrack-sync', 'statistics', '--timeout', '0.5'])();
      expect(stderr).to.match(/^Error: .*conntrackd -C \S+ -s said nothing for 0\.5 s and was ended: .* \[TIMEOUT\]\n/);
      expect(code).to.equal(1);
      // The daemon is stopped yet: a client that had outlived sudo would still wait for it.
      expect(await sandbox.processes('conntrackd')).to.deep.equal([await daemonPid()]);
      expect(await sandbox.processes('sudo')).to.deep.equal([]);
    } finally {
      await sandbox.sh('kill -CONT $(cat /mnt/conntrackd.pid)');
    }
  });

  it('shows the table to an ordinary user with CAP_NET_ADMIN, without sudo', async () => {
    const under = ['setpriv', '--inh-caps', '+net_admin', '--ambient-caps', '+net_admin'];
    const as = ['--reuid', OPERATOR.id, '--clear-groups'];
    const shown = await sandbox.ctsync(['show', 'conntrack', 'table', 'ipv4', '--no-sudo'], {
      under: [...under, ...as],
    });
    expect(shown).to.include({ stderr: '', code: 0 });
    expect(shown.stdout).to.match(
      / 10\.0\.0\.2:4000 [^]*\n\d flows, complete \(about \d in the table, \d\.\d s\)\.\n$/,
    );
  });

  it('says so where root lacks CAP_NET_ADMIN', () =>
    expectFailure(
      (...flags) =>
        sandbox.ctsync(['show', 'conntrack', 'table', 'ipv4', ...flags], {
          under: ['setpriv', '--bounding-set', '-net_admin', '--inh-caps', '-net_admin'],
        }),
      {
        code: 'PERMISSION_DENIED',
        message: 'conntrack -L -f ipv4 -o extended,id needs CAP_NET_ADMIN, and root lacks it here.',
        tool_says: SAYS_CONNTRACK,
        next: 'A container or a service without that capability can not read connection tracking: run it on the host.',
      },
    ));

  describe('a tool that behaves otherwise as root', () => {
    /** Runs shell lines in the place of conntrack, once sudo has made it root's. */
    async function tableOf(lines: string, ...flags: string[]) {
      const asUser = `[ $(id -u) = 0 ] || { echo "${SAYS_CONNTRACK}" >&2; exit 1; }`;
      await sandbox.sh(`mkdir -p /mnt/bin; printf '%s\\n' '#!/bin/sh' '${asUser}' '${lines}' > /mnt/bin/conntrack
        chmod 755 /mnt/bin/conntrack`);
      await allow(`${OPERATOR.name} ALL=(root) NOPASSWD: /mnt/bin/conntrack`);
      return sandbox.ctsync(['show', 'conntrack', 'table', 'ipv4', ...flags], {
        as: 'operator',
        env: { PATH: '/mnt/bin:/usr/sbin:/usr/bin' },
      });
    }

    it("and behind a warning of sudo's, which is no refusal: what the tool says counts", async () => {
      const warning = 'echo "sudo: unable to resolve host fw1: Name or service not known" >&2';
      const { stderr, code } = await tableOf(
        `${warning}; echo "Operation failed: No buffer space available" >&2; exit 1`,
      );
      expect(stderr).to.match(/\[TOOL_FAILED\]\n {2}it says: Operation failed: No buffer space available\n/);
      expect(code).to.equal(1);
    });

    it('and is stopped: it is ended all the same', async () => {
      const { stderr } = await tableOf('kill -STOP $$', '--timeout', '0.5');
      expect(stderr).to.match(/ said nothing for 0\.5 s and was ended\. \[TIMEOUT\]\n/);
      expect(await sandbox.processes('conntrack')).to.deep.equal([]);
    });
  });

  describe("where conntrackd's configuration is closed to the user", () => {
    const runs = `conntrackd -C ${DAEMON.conf} -s`;
    const statistics = asOperator(['show', 'conntrack-sync', 'statistics']);
    beforeEach(() => sandbox.sh(`chmod 600 ${DAEMON.conf}`));

    it('says so', () =>
      expectFailure(statistics, {
        code: 'PERMISSION_DENIED',
        message: `conntrackd's configuration ${DAEMON.conf} is not readable for this user.`,
        tool_says: `can't open config file \`${DAEMON.conf}'`,
        next: howTo([runs, `${runs} expect`]),
      }));

    it('does not say that it names no control socket where it can not be read and the daemon is down', async () => {
      await sandbox.sh(
        `sed 's/conntrackd.sock/nosuch.sock/' ${DAEMON.conf} > /mnt/down.conf; chmod 600 /mnt/down.conf`,
      );
      await allow(allowed('conntrackd -C /mnt/down.conf -s'));
      await expectFailure((...flags) => statistics('--daemon-config', '/mnt/down.conf', ...flags), {
        code: 'DAEMON_UNREACHABLE',
        message: 'conntrackd can not be reached: its configuration /mnt/down.conf is not readable for this user.',
        tool_says: SAYS_CONNTRACKD,
        next: 'Run ctsync as root, who can see which control socket it names and whether anybody listens there.',
      });
    });

    it('reads it through sudo where that is allowed', async () => {
      await allow(allowed(runs), allowed(`${runs} expect`));
      const { stdout, code } = await statistics();
      expect(stdout).to.match(/^Main Table Statistics:\n[^]*\nExpect Table Statistics:\n/);
      expect(code).to.equal(0);
    });
  });
});
