import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { LogRecord } from '../../src/model/daemon-log.js';
import type { Transition } from '../../src/model/transition.js';
import { documentOf } from '../support/documents.js';
import { Following } from '../support/following.js';
import { missingTools } from '../support/missing-tools.js';
import { OPERATOR, Sandbox, sandboxUnavailable, without } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const COMMAND = ['show', 'log', 'conntrack-sync'];
const HOOK = fileURLToPath(new URL('../../libexec/ctsync-failover', import.meta.url));

/** Shell lines that start a journal of the sandbox's own: its /dev is one of its own, too, for the socket of syslog(3). */
const JOURNAL = `
mkdir /mnt/dev
mount -t tmpfs -o mode=755 tmpfs /mnt/dev
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /mnt/dev
ln -s /proc/self/fd /mnt/dev/fd
ln -s /proc/self/fd/0 /mnt/dev/stdin
ln -s /proc/self/fd/1 /mnt/dev/stdout
ln -s /proc/self/fd/2 /mnt/dev/stderr
ln -s /run/systemd/journal/dev-log /mnt/dev/log
mount --bind /mnt/dev /dev
mkdir -p /run/systemd/journal /run/log/journal
/lib/systemd/systemd-journald > /mnt/journald.out 2>&1 < /dev/null &
for _ in {1..100}; do [ -S /run/systemd/journal/dev-log ] && break; sleep 0.05; done`;

const TO_SYSLOG = `
sed -i 's/LogFile .*/LogFile off/; s/Syslog off/Syslog on/' ${DAEMON.conf}`;

describe('contract: a log in the journal', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(
      this,
      sandboxUnavailable() ?? missingTools('a journal needs', ['journalctl', '/lib/systemd/systemd-journald']),
    );
    sandbox = await Sandbox.start(JOURNAL + TRACKING + configured() + TO_SYSLOG + STARTED);
    await sandbox.sh(`logger -t another 'not ours'; conntrackd -C ${DAEMON.conf} -n
      until journalctl -q -t conntrack-tools | grep -q 'resync requested'; do sleep 0.05; done`);
  });
  after(() => sandbox?.stop());
  afterEach(() => sandbox.sh(': > /mnt/sudoers'));

  const show = (flags: string[] = [], options = {}) =>
    sandbox.ctsync([...COMMAND, ...flags], { env: DAEMON_ENVIRONMENT, ...options });

  it('is read with the levels, instants and events of its records', async () => {
    const { stdout, stderr, code } = await show(['--json']);
    const document = documentOf(stdout);
    expect(document).to.deep.include({ log: { kind: 'journal' }, complete: true });
    const records = document['records'] as LogRecord[];
    expect(records.map(({ event }) => event?.type)).to.include.members(['initialized', 'started', 'resync_requested']);
    for (const { at, level, pid } of records) {
      expect(at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      expect(level).to.equal('notice');
      expect(pid).to.be.a('number');
    }
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
  });

  it('has its last records, and knows whether there are more', async () => {
    const { stdout } = await show(['--limit', '1']);
    expect(stdout).to.match(/^\S+Z notice {2}resync requested\n\nThe last record \(/);
    expect((await show(['--limit', '1000'])).stdout).to.not.include('The last');
    expect((await show(['--since', '2000-01-01'])).stdout).to.include('initialization completed');
    expect((await show(['--since', '2100-01-01'])).stdout).to.equal('No log records.\n');
  });

  it('is followed', async () => {
    const following = new Following(sandbox.commandLine([...COMMAND, '--follow', '--limit', '1']), DAEMON_ENVIRONMENT);
    const [first] = await following.until((lines) => lines.length === 1);
    expect(first).to.match(/resync requested$/);
    await sandbox.sh(`conntrackd -C ${DAEMON.conf} -f internal`);
    const lines = await following.until((shown) => shown.length === 2);
    expect(lines[1]).to.match(/^\S+Z notice {2}flushing internal cache$/);
    following.hangUp();
    await sandbox.sh(`conntrackd -C ${DAEMON.conf} -f internal`);
    expect(await following.ended()).to.deep.equal({ stderr: '', code: 0, signal: null });
    expect(await sandbox.processes('journalctl')).to.deep.equal([]);
  });

  it('tells the failover hook what became of its commits, and not of those before', async () => {
    for (const run of [1, 2]) {
      await sandbox.sh(`${HOOK} master G ${DAEMON.conf} /mnt/state /mnt/run > /mnt/hook.out 2>&1`);
      const lines = (await sandbox.sh('cat /mnt/state/transitions.ndjson')).trim().split('\n');
      expect(lines).to.have.length(run);
      const { result, commits } = JSON.parse(lines.at(-1)!) as Transition;
      expect(result).to.equal('done');
      expect(commits?.map(({ table, committed, failed }) => ({ table, committed, failed }))).to.deep.equal([
        { table: 'flows', committed: 0, failed: 0 },
        { table: 'expectations', committed: 0, failed: 0 },
      ]);
      expect(commits![0]!.seconds).to.be.within(0, 10);
    }
  });

  it('has who did which action', async () => {
    const { stdout, code } = await sandbox.ctsync(['reset', 'conntrack', '--yes'], { env: DAEMON_ENVIRONMENT });
    expect(code, stdout).to.equal(0);
    expect(stdout).to.not.include('could not be logged');
    await sandbox.sh('journalctl --sync');
    expect(await sandbox.sh('journalctl --quiet --output=cat --identifier=ctsync')).to.match(/reset conntrack/);
  });

  it('is closed to an ordinary user, who is told how to have it, and has it so', async () => {
    const refused = await show([], { as: 'operator' });
    expect(refused.stderr).to.match(
      /^Error: The journal shows operator nothing of conntrackd\. \[PERMISSION_DENIED\]\n {2}next: {4}Run ctsync as root, .*\n$/,
    );
    expect(refused.code).to.equal(1);
    const [, line = ''] = /ctsync: (.*?) — or add/.exec(refused.stderr) ?? [];
    expect(line).to.match(new RegExp(`^${OPERATOR.name} ALL=\\(root\\) NOPASSWD: \\S+/journalctl `));
    await sandbox.sh(`cat > /mnt/sudoers << 'END'\n${line}\nEND`);
    const shown = await show([], { as: 'operator' });
    expect(shown).to.include({ stderr: '', code: 0 });
    expect(shown.stdout).to.include('initialization completed');
  });

  describe('but there is no journal', () => {
    const syslog = `
mount -t tmpfs tmpfs /var/log
printf 'Nov 22 13:41:24 fw1 sshd[1]: hello\\nNov 22 13:41:25 fw1 conntrack-tools[7]: Committed 3 new entries\\n' > /var/log/syslog`;

    it('is read from a syslog file where journalctl is not installed, or has no files', async () => {
      for (const first of [without('journalctl') + syslog, `mount -t tmpfs tmpfs /run/log${syslog}`]) {
        const { stdout, code } = await show(['--json', '--timezone', 'UTC'], { first });
        const document = documentOf(stdout);
        expect(document['log']).to.deep.equal({ kind: 'syslog', path: '/var/log/syslog', timezone: 'UTC' });
        const [record, ...others] = document['records'] as LogRecord[];
        expect(record).to.deep.include({ pid: 7, event: { type: 'committed', flows: 3 } });
        expect(record?.at).to.match(/^\d{4}-11-22T13:41:25Z$/);
        expect(others).to.deep.equal([]);
        expect(code).to.equal(0);
      }
    });

    it('says so where there is neither', async () => {
      const first = `${without('journalctl')}\nmount -t tmpfs tmpfs /var/log`;
      const { stderr, code } = await show([], { first });
      expect(stderr).to.match(
        /^Error: conntrackd logs to syslog, and neither a journal nor \/var\/log\/syslog nor \/var\/log\/messages is here\. \[LOG_UNREADABLE\]\n/,
      );
      expect(code).to.equal(1);
    });
  });
});
