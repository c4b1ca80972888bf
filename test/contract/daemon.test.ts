import { expect } from 'chai';
import { waitFor } from '../lab/wait.js';
import { documentOf } from '../support/documents.js';
import { expectFailure } from '../support/failures.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const SAYS = "can't connect: is conntrackd running? appropriate permissions?";
const ANOTHER = '/mnt/another.conf';

describe('contract: conntrackd can not be asked', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + configured());
  });
  after(() => sandbox?.stop());

  const ask =
    (command: string, conf: string = DAEMON.conf) =>
    (...flags: string[]) =>
      sandbox.ctsync(['show', 'conntrack-sync', ...command.split(' '), '--daemon-config', conf, ...flags]);
  const statistics = (conf?: string) => ask('statistics', conf);
  const write = (text: string) => sandbox.sh(`cat > ${ANOTHER} << 'END'\n${text}\nEND`);
  const kill = (signal: string) => sandbox.sh(`kill -${signal} $(cat /mnt/conntrackd.pid)`);

  describe('its configuration', () => {
    const next = 'Name the file that the daemon runs with: --daemon-config FILE, or CTSYNC_DAEMON_CONFIG.';

    it('does not exist', () =>
      expectFailure(statistics('/mnt/nosuch.conf'), {
        code: 'CONFIG_UNREADABLE',
        message: "conntrackd's configuration /mnt/nosuch.conf does not exist.",
        tool_says: "can't open config file `/mnt/nosuch.conf'",
        next,
      }));

    it('is a folder', () =>
      expectFailure(statistics('/mnt'), {
        code: 'CONFIG_UNREADABLE',
        message: "conntrackd's configuration /mnt is a folder.",
        tool_says: 'input in flex scanner failed',
        next,
      }));

    it('has a mistake in it', async () => {
      await write('General {\n  Frobnicate 1\n}');
      await expectFailure(statistics(ANOTHER), {
        code: 'CONFIG_INVALID',
        message: `${ANOTHER} has a mistake in it.`,
        tool_says: "parsing config file in line (2), symbol 'Frobnicate': syntax error",
        next: 'Correct that line; the daemon that runs still has the configuration that it was started with.',
      });
    });

    it('has a path that is too long, of which conntrackd names no line', async () => {
      await write(`General {\n  UNIX {\n    Path /${'x'.repeat(120)}\n  }\n}`);
      await expectFailure(statistics(ANOTHER), {
        code: 'CONFIG_INVALID',
        message: `${ANOTHER} has a mistake in it.`,
        tool_says: 'Path is longer than 107 characters',
        next: 'Correct it; the daemon that runs still has the configuration that it was started with.',
      });
    });

    it('is a FIFO: nothing waits for it', async () => {
      await sandbox.sh('mkfifo /mnt/fifo; echo "include /mnt/fifo" > /mnt/including.conf');
      const including = await ask('status')('--keepalived-config', '/mnt/including.conf');
      expect(including.stdout).to.match(
        /^warning +: \/mnt\/including.conf line 1: \/mnt\/fifo is not a regular file: keepalived leaves it out, too$/m,
      );
      await sandbox.sh('ln -sf /mnt/fifo /mnt/keepalived.conf');
      const files = ['--daemon-config', '/mnt/fifo', '--keepalived-config', '/mnt/keepalived.conf', '--timeout', '1'];
      const { stdout, code } = await sandbox.ctsync(['show', 'conntrack-sync', 'status', ...files]);
      expect(stdout).to.match(/^sync-interface +: unknown \[\/mnt\/fifo is not a regular file\]$/m);
      expect(stdout).to.match(/^failover-mechanism +: unknown \[\/mnt\/keepalived.conf is not a regular file\]$/m);
      expect(code).to.equal(4);
    });

    it('names no control socket', async () => {
      await write('General {\n  HashSize 1024\n}');
      await expectFailure(statistics(ANOTHER), {
        code: 'DAEMON_UNREACHABLE',
        message: `conntrackd can not be reached: ${ANOTHER} names no control socket (General { UNIX { Path … } }).`,
        tool_says: SAYS,
        next: 'Name the configuration that the daemon runs with: --daemon-config FILE.',
      });
    });

    it('names a control socket that is another kind of file', async () => {
      await write('General {\n  UNIX {\n    Path /etc/hostname\n  }\n}');
      await expectFailure(statistics(ANOTHER), {
        code: 'DAEMON_UNREACHABLE',
        message: 'conntrackd can not be reached: /etc/hostname is not a socket.',
        tool_says: SAYS,
        next: `Correct the UNIX Path in ${ANOTHER}.`,
      });
    });
  });

  describe('it does not run', () => {
    const notRunning = {
      code: 'DAEMON_UNREACHABLE',
      message: `conntrackd is not running: its control socket ${DAEMON.socket} does not exist.`,
      tool_says: SAYS,
      next: 'Start it (systemctl start conntrackd), or name its configuration with --daemon-config FILE.',
    } as const;

    for (const command of ['cache internal', 'cache external', 'statistics']) {
      it(`show conntrack-sync ${command}`, () => expectFailure(ask(command), notRunning));
    }

    it('show conntrack-sync status has a page all the same, and says what it lacks', async () => {
      const { stdout, stderr, code } = await ask('status')();
      expect(stdout).to.match(/^sync-interface +: eth0$/m);
      expect(stdout).to.include(`daemon                : ${notRunning.message.slice(0, -1)}`);
      expect(stdout).to.match(/^caches +: unknown \[not asked, see daemon\]$/m);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 4 });
    });

    it('and its dead process was never buried', async () => {
      await sandbox.sh(`bash -c 'conntrackd -C ${DAEMON.conf} & echo $! > /mnt/conntrackd.pid; exec sleep 60' > /mnt/out 2>&1 < /dev/null &
        echo $! > /mnt/parent.pid
        until conntrackd -C ${DAEMON.conf} -s runtime > /dev/null 2>&1; do sleep 0.05; done
        kill $(cat /mnt/conntrackd.pid)
        until grep -q ') Z ' /proc/$(cat /mnt/conntrackd.pid)/stat; do sleep 0.05; done`);
      await expectFailure(statistics(), notRunning);
    });
  });

  describe('it runs', () => {
    before(() =>
      sandbox.sh(`kill $(cat /mnt/parent.pid)
${STARTED}`),
    );

    it('with another configuration', async () => {
      await write('General {\n  UNIX {\n    Path /mnt/another.sock\n  }\n}');
      const pid = await daemonPid();
      await expectFailure(statistics(ANOTHER), {
        code: 'DAEMON_UNREACHABLE',
        message: 'conntrackd is not running: its control socket /mnt/another.sock does not exist.',
        tool_says: SAYS,
        next: `A conntrackd runs as process ${pid}, but not with this configuration: name its own with --daemon-config FILE.`,
      });
    });

    it('and warns of its configuration, which is no part of any answer', async () => {
      await sandbox.sh(`sed 's/UNIX {/UNIX {\\n Backlog 20/' ${DAEMON.conf} > ${ANOTHER}`);
      expect(await sandbox.sh(`conntrackd -C ${ANOTHER} -s 2>&1 > /mnt/out`)).to.include('deprecated unix backlog');
      const { code, stderr, stdout } = await statistics(ANOTHER)();
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout).to.match(/^Main Table Statistics:\n\ncache internal:\n/);
    });

    for (const [command, request] of [
      ['cache internal', '-s'],
      ['cache external', '-s'],
      ['statistics', '-s'],
    ] as const) {
      it(`but is stopped: our deadline answers show conntrack-sync ${command}`, async () => {
        await kill('STOP');
        try {
          const pid = await daemonPid();
          await expectFailure((...flags) => ask(command)('--timeout', '0.5', ...flags), {
            code: 'TIMEOUT',
            message: `conntrackd -C ${DAEMON.conf} ${request} said nothing for 0.5 s and was ended: conntrackd, process ${pid}, is stopped.`,
            next: `Continue it with kill -CONT ${pid}, or restart it.`,
          });
        } finally {
          await kill('CONT');
        }
      });
    }

    it('and its child that dumps a cache, which has the socket too, is not taken for it', async () => {
      // What is forked from here on gets lower numbers than the daemon has.
      await sandbox.sh(`${flows(5000)}
        pid=$(cat /mnt/conntrackd.pid); kill $pid; while [ -d /proc/$pid ]; do sleep 0.05; done
        echo 30000 > /proc/sys/kernel/ns_last_pid
        ${STARTED}
        conntrackd -C ${DAEMON.conf} -i > /mnt/out; [ "$(wc -l < /mnt/out)" -ge 5000 ]
        echo 1000 > /proc/sys/kernel/ns_last_pid
        (conntrackd -C ${DAEMON.conf} -i | (read -r _; exec sleep 60)) > /mnt/out 2>&1 < /dev/null & echo $! > /mnt/dump.pid`);
      try {
        await waitFor(async () => (await sandbox.processes('conntrackd')).length >= 3);
        const { stdout } = await ask('status')();
        expect(stdout).to.include(`[process ${await daemonPid()}]`);
      } finally {
        await sandbox.sh('pkill -P $(cat /mnt/dump.pid)');
      }
    });

    it("and an empty record of transitions leaves VyOS's to be read", async () => {
      await sandbox.sh('mkdir -p /run/ctsync; : > /run/ctsync/failover-state');
      expect((await ask('status')()).stdout).to.match(/^last state transition : no transition yet!$/m);
      await sandbox.sh('echo "MASTER at 2026-11-22T13:28:00Z" > /var/run/vyatta-conntrackd-failover-state');
      expect((await ask('status')()).stdout).to.match(/^last state transition : MASTER at 2026-11-22T13:28:00.000Z /m);
    });

    it('but another one is stopped: it is not the one that keeps us waiting', async () => {
      const first = 'printf "General {\\n UNIX {\\n Path /mnt/silent.sock\\n }\\n}\\n" > /mnt/silent.conf';
      // Takes connections, and answers none.
      const silent = 'require("net").createServer(() => {}).listen("/mnt/silent.sock")';
      await sandbox.sh(`${first}; /mnt/node -e '${silent}' > /mnt/out 2>&1 < /dev/null & echo $! > /mnt/silent.pid
        until [ -S /mnt/silent.sock ]; do sleep 0.05; done`);
      await kill('STOP');
      try {
        await expectFailure((...flags) => ask('statistics', '/mnt/silent.conf')('--timeout', '0.5', ...flags), {
          code: 'TIMEOUT',
          message: 'conntrackd -C /mnt/silent.conf -s said nothing for 0.5 s and was ended.',
          next: 'If the machine is only slow, allow more with --timeout SECONDS.',
        });
      } finally {
        await kill('CONT');
        await sandbox.sh('kill $(cat /mnt/silent.pid)');
      }
    });

    it('but is stopped: the status page says so, and asks it once only', async () => {
      await kill('STOP');
      try {
        const { stdout, code } = await ask('status')('--timeout', '0.5');
        expect(stdout).to.match(
          /^daemon +: conntrackd .* -s runtime said nothing for 0\.5 s and was ended: .*kill -CONT \d+.*\[process \d+\]$/m,
        );
        const [page, verdict] = stdout.split(/^verdict +: /m);
        expect(page?.match(/said nothing/g)).to.have.length(1);
        expect(verdict)
          .to.match(/^CRITICAL: /)
          .and.to.include('CTS-102');
        expect(code).to.equal(4);
      } finally {
        await kill('CONT');
      }
    });

    it('but died and left its socket', async () => {
      await kill('KILL');
      await expectFailure(statistics(), {
        code: 'DAEMON_UNREACHABLE',
        message: `conntrackd is not running: nobody listens on its control socket ${DAEMON.socket}, which is left from a daemon that died.`,
        tool_says: SAYS,
        next: 'Start it again; if it then says that its lock file exists, remove that file first.',
      });
    });
  });

  describe('it runs without a mode', () => {
    it('and has nothing to tell', async () => {
      const files = '/mnt/another';
      await write(
        `General {\n  LockFile ${files}.lock\n  LogFile ${files}.log\n  UNIX {\n    Path ${files}.sock\n  }\n}`,
      );
      await sandbox.sh(STARTED.replaceAll(DAEMON.conf, ANOTHER));
      const { stdout, code, stderr } = await statistics(ANOTHER)('--json');
      const { error } = documentOf(stdout);
      expect(error?.code).to.equal('BAD_ANSWER');
      expect(error?.message).to.match(/^The answer to `conntrackd -s` is empty: /);
      expect({ code, stderr }).to.deep.equal({ code: 1, stderr: '' });
      const page = await ask('status', ANOTHER)();
      expect(page.stdout).to.match(/^daemon +: running since \S+ \(.* ago\) \[process \d+\]$/m);
      expect(page.stdout).to.match(/^caches +: unknown \[The answer to `conntrackd -s` is empty: .*\]$/m);
      expect(page.code).to.equal(4);
    });
  });

  async function daemonPid(): Promise<string> {
    return (await sandbox.sh('cat /mnt/conntrackd.pid')).trim();
  }
});
