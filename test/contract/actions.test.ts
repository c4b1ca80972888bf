import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { waitFor } from '../lab/wait.js';
import { Conversation, CTRL_C, CTRL_D, ENTER } from '../support/conversation.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, USAGE } from '../support/failures.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';
import { terminalUnavailable } from '../support/terminal.js';

const KEEPALIVED = '/mnt/keepalived.conf';
const ENV = { CTSYNC_DAEMON_CONFIG: DAEMON.conf, CTSYNC_KEEPALIVED_CONFIG: KEEPALIVED, CTSYNC_RUN_DIR: '/mnt/r' };
const FLOWS = 5;

/** Shell lines after which the node has a sync group; it is its master where it holds the address. */
const GROUP = `
cat > ${KEEPALIVED} << 'END'
vrrp_sync_group GROUP {
    group {
        LAN
    }
}
vrrp_instance LAN {
    interface eth0
    virtual_router_id 1
    virtual_ipaddress {
        192.0.2.1/24
    }
}
END
mkdir -m 755 /mnt/r`;
const MASTER = `${GROUP}\nip addr add 192.0.2.1/24 dev eth0`;

const ACTIONS = [
  'reset conntrack',
  'reset conntrack-sync internal-cache',
  'reset conntrack-sync external-cache',
  'restart conntrack-sync',
  'sync conntrack-sync commit',
  'sync conntrack-sync bulk',
  'sync conntrack-sync request',
] as const;

const UNTOUCHED = 'Nothing was touched.';

function words(line: string): string[] {
  return line.split(' ');
}

describe('contract: actions', () => {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable() ?? terminalUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(FLOWS) + configured() + STARTED + MASTER);
  });
  after(() => sandbox?.stop());

  const log = () => sandbox.sh(`cat ${DAEMON.log}`);
  const inKernel = async () => Number(await sandbox.sh('conntrack -C'));
  const at = (line: string, ...flags: string[]) => sandbox.ctsync([...words(line), ...flags], { env: ENV });
  const asked = (line: string) =>
    new Conversation(['/mnt/node', '/mnt/ctsync/bin/run.js', ...words(line)], (argv) => sandbox.enter(argv), ENV);
  /** What goes on behind a shell's redirection: `> /dev/full`. */
  const shell = (line: string, redirected: string, ...flags: string[]) =>
    sandbox.ctsync([...words(line), ...flags], {
      env: ENV,
      under: ['bash', '-c', `"$@" ${redirected}`, 'bash'],
    });

  for (const line of ACTIONS) {
    it(`${line} is not done where nobody can be asked`, async () => {
      await expectFailure(
        (...flags) => at(line, ...flags),
        {
          code: 'USAGE',
          message: 'There is no terminal on which to ask: --yes is required.',
          next: 'See what would be done with --dry-run, then say --yes.',
        },
        USAGE,
      );
    });

    it(`${line} is for root, and for the node that it is typed on`, async () => {
      await expectFailure(
        (...flags) => sandbox.ctsync([...words(line), '--yes', ...flags], { env: ENV, as: 'operator' }),
        {
          code: 'PERMISSION_DENIED',
          message: `Only root may run "${line}", not operator.`,
          next: 'Run ctsync as root. Nothing was touched.',
        },
      );
      for (const flag of ['--host', '--netns', '--from']) {
        await expectFailure(
          (...flags) => at(line, flag, 'x', '--yes', ...flags),
          {
            code: 'USAGE',
            message: `An action is for the node that it is typed on: it takes no ${flag}.`,
            next: 'Run it there. In a network namespace: "ip netns exec NAME ctsync …".',
          },
          USAGE,
        );
      }
    });

    it(`${line} touches nothing in a dry run, and has a valid document`, async () => {
      const before = await log();
      const { stdout, stderr, code } = await at(line, '--dry-run', '--json');
      const document = documentOf(stdout);
      expect([document['outcome'], document.complete, stderr, code]).to.deep.equal(['dry-run', true, '', 0]);
      expect((await at(line, '--dry-run')).stdout).to.match(/\nNothing was touched\.\n$/);
      expect(await log()).to.equal(before);
      expect(await inKernel()).to.be.at.least(FLOWS);
    });
  }

  it('are refused where the daemon does not run', async () => {
    await sandbox.sh(`sed 's/conntrackd.sock/nobody.sock/' ${DAEMON.conf} > /mnt/down.conf`);
    for (const line of ACTIONS) {
      const { stdout, code } = await at(line, '--yes', '--json', '--daemon-config', '/mnt/down.conf');
      expect([documentOf(stdout).error?.code, code], line).to.deep.equal(['DAEMON_UNREACHABLE', 1]);
    }
    expect(await inKernel()).to.be.at.least(FLOWS);
  });

  it('are never abbreviated', async () => {
    for (const line of ['reset conn', 'reset conntrack-sync internal', 'restart', 'sync conntrack-sync']) {
      const { code, stdout } = await at(line, '--yes');
      expect([code, stdout], line).to.deep.equal([2, '']);
    }
  });

  it('do not restart a daemon that would not come up with its file', async () => {
    const process = await sandbox.processes('conntrackd');
    await sandbox.sh(`sed 's/^General/Generall/' ${DAEMON.conf} > /mnt/wrong.conf`);
    const { stdout, code } = await at(
      'restart conntrack-sync',
      '--yes',
      '--json',
      '--daemon-config',
      '/mnt/wrong.conf',
    );
    expect([documentOf(stdout).error?.code, code]).to.deep.equal(['CONFIG_INVALID', 1]);
    expect(await sandbox.processes('conntrackd')).to.deep.equal(process);
  });

  describe('on a terminal', () => {
    it('name the node, its role, the flows and each step, and are done after the whole word', async () => {
      const before = (await log()).length;
      const talk = asked('sync conntrack-sync bulk');
      await talk.reads('Go on? Type yes: ');
      expect(talk.text).to.match(
        /^sync conntrack-sync bulk\nNode {5}: \S+, master of GROUP\nAt stake : \d+ flows in the internal cache\nSteps {4}: send all flows to the peer \(conntrackd -C \S+\n? *-B\)\n/,
      );
      expect(talk.text.split('\n').filter((each) => each.length > 80)).to.deep.equal([]);
      talk.types(`yes${ENTER}`);
      expect(await talk.end, talk.text).to.equal(0);
      expect(talk.text)
        .to.match(/-B\):\s+done in [\d.]+ s, its\s+log says so\n/)
        .and.to.match(/\nDone\.\n$/);
      expect((await log()).slice(before)).to.include('sending bulk update');
    });

    for (const [what, typed, sentence, exit] of [
      ['no', `no${ENTER}`, 'It was answered "no", not "yes". [NOT_CONFIRMED]', 1],
      ['y', `y${ENTER}`, 'It was answered "y", not "yes". [NOT_CONFIRMED]', 1],
      ['nothing', ENTER, 'It was not answered with "yes". [NOT_CONFIRMED]', 1],
      ['the end of what is typed', CTRL_D, 'It was not answered with "yes". [NOT_CONFIRMED]', 1],
      ['Ctrl-C', CTRL_C, 'Interrupted before anything was done. [INTERRUPTED]', 130],
    ] as const) {
      it(`are not done after ${what}`, async () => {
        const before = await log();
        const talk = asked('reset conntrack');
        await talk.reads('Go on? Type yes: ');
        talk.types(typed);
        expect(await talk.end).to.equal(exit);
        expect(talk.text).to.include(sentence).and.to.include(UNTOUCHED);
        expect(await log()).to.equal(before);
        expect(await inKernel()).to.be.at.least(FLOWS);
      });
    }

    it('are not done where the node has become another one since it was asked', async () => {
      const talk = asked('sync conntrack-sync bulk');
      await talk.reads('Go on? Type yes: ');
      const before = await log();
      await sandbox.sh('ip addr del 192.0.2.1/24 dev eth0');
      try {
        talk.types(`yes${ENTER}`);
        expect(await talk.end).to.equal(1);
      } finally {
        await sandbox.sh('ip addr add 192.0.2.1/24 dev eth0');
      }
      expect(talk.text).to.include('[ACTION_REFUSED]').and.to.include(UNTOUCHED);
      expect(await log()).to.equal(before);
    });
  });

  describe('whose report can not be written', () => {
    it('are done, and say so: on a full disk', async () => {
      const { stderr, code } = await shell('sync conntrack-sync bulk', '> /dev/full', '--yes');
      expect(stderr).to.equal(
        'Error: "sync conntrack-sync bulk" was done. The output could not be written: no space is left on the device. [OUTPUT_FAILED]\n  next:    Only its report is lost: do not run it again.\n',
      );
      expect(code).to.equal(4);
      expect(await shell('sync conntrack-sync bulk', '> /dev/full', '--yes', '--json')).to.include({ stderr, code });
    });

    it('are done, and quiet: in a closed pipe', async () => {
      const before = (await log()).length;
      const closed = await shell('reset conntrack-sync internal-cache', '| true; exit ${PIPESTATUS[0]}', '--yes');
      expect(closed).to.include({ stdout: '', stderr: '', code: 0 });
      expect((await log()).slice(before)).to.include('sending bulk update');
    });

    for (const redirected of ['> /dev/full', '| true; exit ${PIPESTATUS[0]}']) {
      it(`are not known to be done, and say so: ${redirected}`, async () => {
        await sandbox.sh(`sed 's/LogFile .*/LogFile off/' ${DAEMON.conf} > /mnt/unlogged.conf`);
        for (const flags of [[], ['--json']]) {
          const flagged = ['--yes', '--daemon-config', '/mnt/unlogged.conf', ...flags];
          const { stderr, code } = await shell('sync conntrack-sync request', redirected, ...flagged);
          expect(stderr).to.match(
            /^Error: "sync conntrack-sync request" is not known to be done: .* \[ACTION_FAILED\]\n/,
          );
          expect(code).to.equal(4);
        }
      });
    }
  });

  describe('that are interrupted', () => {
    const RESET = 'reset conntrack-sync internal-cache';

    /** From here on each question to the daemon lasts a second longer. Call the result to end that. */
    async function slowDaemon(): Promise<() => Promise<void>> {
      const [daemon] = await sandbox.processes('conntrackd');
      await sandbox.sh(
        `strace -qq -o /dev/null -e trace=accept -e inject=accept:delay_exit=1000000 -p ${daemon} > /dev/null 2>&1 < /dev/null &
        until [ "$(grep TracerPid /proc/${daemon}/status | cut -f 2)" != 0 ]; do sleep 0.05; done`,
      );
      return async () =>
        void (await sandbox.sh('kill $(pidof strace); while pidof strace > /dev/null; do sleep 0.05; done'));
    }

    async function inTheMiddle(work: (talk: Conversation) => Promise<void>): Promise<string> {
      const talk = asked(RESET);
      await talk.reads('Go on? Type yes: ');
      const before = (await log()).length;
      const quick = await slowDaemon();
      try {
        talk.types(`yes${ENTER}`);
        await waitFor(async () => (await log()).slice(before).includes('flushing internal cache'));
        await work(talk);
      } finally {
        await quick();
      }
      return (await log()).slice(before);
    }

    it('are carried through after Ctrl-C, and all that was done is said', async function () {
      this.timeout(60_000);
      const logged = await inTheMiddle(async (talk) => {
        talk.types(CTRL_C);
        await talk.reads('What has begun is carried through.');
        expect(await talk.end, talk.text).to.equal(130);
        expect(talk.text.replace(/\s+/g, ' '))
          .to.match(/-f internal\): done .* -R\): done .* -B\): done/)
          .and.to.include('It was interrupted, and went on all the same.')
          .and.to.match(/ Done\. $/);
      });
      expect(logged).to.match(/flushing internal cache[^]*resync with master conntrack table[^]*sending bulk update/);
    });

    it('end at once after a second Ctrl-C, and say how far they have come', async function () {
      this.timeout(60_000);
      await inTheMiddle(async (talk) => {
        talk.types(CTRL_C);
        await talk.reads('What has begun is carried through.');
        await pause(300);
        talk.types(CTRL_C);
        expect(await talk.end).to.equal(130);
        expect(talk.text)
          .to.match(
            /Until then: conntrackd \S+ \S+ -f internal: (done|under way); .* -B: not begun\. \[INTERRUPTED\]\n/,
          )
          .and.to.include('What was under way may still be carried out');
      });
    });

    it('are carried through where the terminal is gone', async function () {
      this.timeout(60_000);
      const logged = await inTheMiddle(async () => {
        const before = (await log()).length;
        const ours = await sandbox.sh('grep -lzx internal-cache /proc/[0-9]*/cmdline | cut -d / -f 3');
        await sandbox.sh('kill -KILL $(pidof script)');
        // The shell that it was typed in tells it once more as it goes itself.
        await pause(300);
        await sandbox.sh(`kill -HUP ${ours.split('\n')[0]}`);
        await waitFor(async () => (await log()).slice(before).includes('sending bulk update'), { seconds: 30 });
      });
      expect(logged).to.match(/flushing internal cache[^]*resync with master conntrack table[^]*sending bulk update/);
    });
  });

  describe('that end flows', () => {
    it('empty the table of the kernel, and prove it', async () => {
      const before = await inKernel();
      const { stdout, code } = await at('reset conntrack', '--yes', '--json');
      const document = documentOf(stdout);
      expect([document['outcome'], code]).to.deep.equal(['done', 0]);
      const { kernel } = document['at_stake'] as { kernel: number };
      expect(kernel).to.be.within(FLOWS, before + 1);
      // The messages of the pair itself are tracked, too.
      expect(await inKernel()).to.be.below(FLOWS);
    });
  });
});

describe('contract: actions without an external cache', () => {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    const daemon = configured({ disableExternalCache: true }) + STARTED;
    sandbox = await Sandbox.start(TRACKING + flows(FLOWS) + daemon + GROUP);
  });
  after(() => sandbox?.stop());
  const refused = (line: string, message: string, next: string) =>
    expectFailure((...flags) => sandbox.ctsync([...words(line), '--yes', ...flags], { env: ENV }), {
      code: 'ACTION_REFUSED',
      message,
      next,
    });

  it('refuse on a node without a virtual address what would make the master recreate its flows', async () => {
    await refused(
      'reset conntrack-sync internal-cache',
      'This node is backup: without an external cache (DisableExternalCache) its internal cache holds the flows of the master.',
      UNTOUCHED,
    );
    await refused(
      'sync conntrack-sync bulk',
      'This node is backup, and only the master may send its flows to the peer (-B).',
      UNTOUCHED,
    );
    expect(await sandbox.sh(`cat ${DAEMON.log}`)).to.not.match(/flushing|resync|bulk/);
  });

  it('refuse the same where the role is not known', async () => {
    const env = { ...ENV, CTSYNC_KEEPALIVED_CONFIG: '/mnt/none.conf' };
    const { stdout, code } = await sandbox.ctsync(['sync', 'conntrack-sync', 'bulk', '--yes', '--json'], { env });
    expect([documentOf(stdout).error, code]).to.deep.equal([
      {
        code: 'ACTION_REFUSED',
        message:
          'Whether this node is master is not known (/mnt/none.conf does not exist), and only the master may send its flows to the peer (-B).',
        next: `Name keepalived's configuration: --keepalived-config FILE. ${UNTOUCHED}`,
      },
      1,
    ]);
  });

  it('refuse what needs an external cache', async () => {
    await refused(
      'sync conntrack-sync commit',
      'conntrackd keeps no external cache (DisableExternalCache).',
      `The flows of the peer are in the kernel already: there is nothing to commit. ${UNTOUCHED}`,
    );
    await refused(
      'reset conntrack-sync external-cache',
      'conntrackd keeps no external cache (DisableExternalCache).',
      `To ask the peer for all its flows: "ctsync sync conntrack-sync request". ${UNTOUCHED}`,
    );
  });
});
