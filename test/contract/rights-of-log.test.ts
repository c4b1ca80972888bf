import { expect } from 'chai';
import { expectFailure } from '../support/failures.js';
import { Following } from '../support/following.js';
import { OPERATOR, Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const COMMAND = ['show', 'log', 'conntrack-sync'];

/** Writes down the process id that the sandbox knows it by. */
const NOTED = ['bash', '-c', 'echo $$ > /mnt/pid; exec "$@"', 'bash'];

/** conntrackd makes its log for root alone (formats.md §11). */
describe('contract: the rights to the log', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + configured() + STARTED);
    await sandbox.sh(`[ "$(stat -c %a ${DAEMON.log})" = 600 ]`);
  });
  after(() => sandbox?.stop());
  afterEach(() => sandbox.sh(': > /mnt/sudoers'));

  const asOperator = (...flags: string[]) =>
    sandbox.ctsync([...COMMAND, ...flags], { as: 'operator', env: DAEMON_ENVIRONMENT });
  const allow = (line: string) => sandbox.sh(`cat > /mnt/sudoers << 'END'\n${line}\nEND`);
  const lineOf = (said: string): string => /\/etc\/sudoers\.d\/ctsync: (.*)\n$/.exec(said)?.[1] ?? '';

  it('says which file is closed, to whom, and what would allow it', async () => {
    const line = lineOf((await asOperator()).stderr);
    expect(line).to.match(/^operator ALL=\(root\) NOPASSWD: \/(?:usr\/)?bin\/cat \/mnt\/conntrackd\.log$/);
    const failure = {
      code: 'PERMISSION_DENIED' as const,
      message: `conntrackd's log ${DAEMON.log} is closed to ${OPERATOR.name}.`,
      next: `Run ctsync as root, or allow that command in /etc/sudoers.d/ctsync: ${line}`,
    };
    await expectFailure(asOperator, failure);
    await allow(line);
    await expectFailure((...flags) => asOperator('--no-sudo', ...flags), failure);
  });

  it('shows it through sudo with the very line that the error gave', async () => {
    await allow(lineOf((await asOperator()).stderr));
    const shown = await asOperator();
    expect(shown).to.include({ stderr: '', code: 0 });
    expect(shown.stdout).to.match(/^\S+Z notice {2}initialization completed$/m);
    const last = await asOperator('--limit', '1');
    expect(last.stdout).to.match(/^\S+Z .*\n\nThe last record \(--limit N or all, --since TIME\)\.\n$/);
    const since = await asOperator('--since', '1h', '--json');
    expect(JSON.parse(since.stdout)).to.include({ complete: true });
  });

  it('follows it through sudo, and leaves no tail behind', async () => {
    const refused = await asOperator('--follow');
    expect(refused.stderr).to.match(/bin\/tail -n 10 -F \/mnt\/conntrackd\.log\n$/);
    expect(refused.code).to.equal(1);
    await allow(lineOf(refused.stderr));
    await sandbox.sh('touch /mnt/pid; chmod 666 /mnt/pid');
    const argv = sandbox.commandLine([...COMMAND, '--follow'], { as: 'operator', under: NOTED });
    const following = new Following(argv, DAEMON_ENVIRONMENT);
    await following.until((lines) => lines.some((shown) => shown.includes('initialization completed')));
    await sandbox.sh(`conntrackd -C ${DAEMON.conf} -n`);
    await following.until((lines) => lines.some((shown) => shown.includes('resync requested')));
    await sandbox.sh('kill -INT $(cat /mnt/pid)');
    expect(await following.ended()).to.deep.equal({ stderr: '', code: 130, signal: null });
    expect(await sandbox.processes('tail')).to.deep.equal([]);
  });

  it('says that the configuration is closed, which names the log', async () => {
    await sandbox.sh(`chmod 600 ${DAEMON.conf}`);
    try {
      const { stderr, code } = await asOperator();
      expect(stderr).to.match(
        /^Error: conntrackd's configuration \S+, which says where its log is, is not readable for this user\. \[PERMISSION_DENIED\]\n/,
      );
      expect(code).to.equal(1);
    } finally {
      await sandbox.sh(`chmod 644 ${DAEMON.conf}`);
    }
  });
});
