import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { SyncStatisticsDocument } from '../../src/model/documents.js';
import { documentOf } from '../support/documents.js';
import { expectFailure } from '../support/failures.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const STATISTICS = ['show', 'conntrack-sync', 'statistics'];
/**
 * The real client of conntrackd behind the name that is looked for first, so that something can happen to it; it notes what is
 * asked. It is asked itself, since the configuration that ctsync is told names a socket that is not there.
 */
const INSTEAD = { PATH: '/mnt/bin:/usr/sbin:/usr/bin', CTSYNC_DAEMON_CONFIG: '/mnt/elsewhere.conf' };
const GENERAL = fileURLToPath(new URL('../../examples/pair/r1/status/s.txt', import.meta.url));

describe("contract: conntrackd's pages, live", function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + configured() + STARTED);
    await sandbox.sh(`sed 's|${DAEMON.socket}|/mnt/elsewhere.sock|' ${DAEMON.conf} > /mnt/elsewhere.conf`);
  });
  after(() => sandbox?.stop());

  const show = (...words: string[]) => sandbox.ctsync([...STATISTICS, ...words], { env: INSTEAD });

  /** Puts shell lines before the real conntrackd; `$*` are what is asked, without the configuration. */
  const instead = (lines: string) =>
    sandbox.sh(`mkdir -p /mnt/bin; : > /mnt/asked; cat > /mnt/bin/conntrackd << 'END'
#!/bin/bash
asked="\${*:3}"; echo "$asked" >> /mnt/asked
${lines}
exec /usr/sbin/conntrackd -C ${DAEMON.conf} "\${@:3}"
END
      chmod +x /mnt/bin/conntrackd`);
  const asked = async (): Promise<string[]> => (await sandbox.sh('cat /mnt/asked')).trimEnd().split('\n');

  async function document(...words: string[]): Promise<SyncStatisticsDocument & { code: number | null }> {
    const { stdout, code } = await show(...words, '--json');
    return { ...(documentOf(stdout) as unknown as SyncStatisticsDocument), code };
  }

  it('one page that can not be had does not hide the others', async () => {
    await instead('[ "$asked" = "-s queue" ] && kill -SEGV $$');
    const { statistics, complete, error, code } = await document('--all');
    expect({ complete, code, error: error?.code }).to.deep.equal({ complete: false, code: 4, error: 'TOOL_CRASHED' });
    expect(Object.keys(statistics)).to.deep.equal('main expect network cache runtime link rsqueue process'.split(' '));
    const text = await show('--all');
    expect(text.stdout).to.match(/^Queue Statistics:\n\nnot available$/m);
    expect(text.stderr).to.match(/^Error: conntrackd .* -s queue was ended by signal SIGSEGV\. \[TOOL_CRASHED\]\n/);
  });

  it('a daemon that hangs in the middle is not asked any more, and what came before is shown', async () => {
    await instead('[ "$asked" = "-s link" ] && kill -STOP $$');
    const { statistics, notes, error, code } = await document('--all', '--timeout', '0.5');
    expect({ code, error: error?.code }).to.deep.equal({ code: 4, error: 'TIMEOUT' });
    expect(Object.keys(statistics)).to.deep.equal(['main', 'expect', 'network']);
    expect(await asked()).to.deep.equal(['-s', '-s expect', '-s network', '-s link']);
    expect(notes).to.deep.equal(['Not asked for after that: queue, rsqueue, process, cache, runtime.']);
  });

  it('a daemon that hangs from the beginning is asked once, and no interval is waited for', async () => {
    await instead('');
    await sandbox.sh('kill -STOP $(cat /mnt/conntrackd.pid)');
    try {
      for (const flags of [['--all'], ['--all', '--interval', '60'], ['network'], ['process']]) {
        await sandbox.sh(': > /mnt/asked');
        const { stdout, code } = await show(...flags, '--timeout', '0.5', '--json');
        expect(documentOf(stdout).error?.code, flags.join(' ')).to.equal('TIMEOUT');
        expect(code).to.equal(1);
        expect(await asked(), flags.join(' ')).to.have.length(1);
      }
    } finally {
      await sandbox.sh('kill -CONT $(cat /mnt/conntrackd.pid)');
    }
  });

  it('a page that is empty because its daemon died is no empty page', async () => {
    await instead('[ "$asked" = "-s network" ] && exit 0');
    await expectFailure((...flags) => show('network', ...flags), {
      code: 'BAD_ANSWER',
      message:
        'The answer to `conntrackd -s network` is empty: a conntrackd that does not synchronise (no Sync section) has no such page.',
      next: 'Run conntrackd -s network by hand; if it prints nothing either, look in the log of conntrackd.',
    });
    await instead('[ "$asked" = "-s rsqueue" ] && exit 0');
    expect((await show('rsqueue')).stderr).to.include('`conntrackd -s rsqueue` is empty');
    await instead('[ "$asked" = "-s process" ] || exit 1');
    expect((await show('process')).code).to.equal(1);
  });

  it('says that expectations are not synchronised although the configuration says so', async () => {
    await instead(`[ "$asked" = "-s expect" ] && exit 0; [ "$asked" = "-s" ] && exec cat ${GENERAL}`);
    const { statistics, notes, complete } = await document('expect');
    expect({ statistics, complete }).to.deep.equal({
      statistics: { empty: { expect: 'ExpectationSync is off' } },
      complete: true,
    });
    expect(notes?.[0]).to.match(/has ExpectationSync on, but the daemon that runs was started without it/);
  });

  it('rates stand beside the statistics, in their order', async () => {
    await instead('');
    const answer = await document('--all', '--interval', '0.5');
    expect(Object.keys(answer)).to.deep.equal(
      'schema host collected_at source statistics interval rates complete code'.split(' '),
    );
    expect(answer.interval!.seconds).to.be.at.least(0.5);
    expect(await asked()).to.have.length(2 * 9 + 2);
  });

  it('a counter that wrapped has its rate, one that fell has none', async () => {
    const page = (created: number, lost: number): string =>
      `sed -E '0,/connections created:/s/(connections created:\\s+)[0-9]+/\\1${created}/; s/[0-9]+ Lost/${lost} Lost/' ${GENERAL}`;
    await instead(`if [ "$asked" = "-s" ]; then
        [ -e /mnt/second ] && exec ${page(9, 3)}
        touch /mnt/second; exec ${page(4294967290, 7)}
      fi`);
    const { rates, notes } = await document('main', '--interval', '0.5');
    expect(rates!.main!.caches[0]!.created.total).to.be.within(0.1, 30);
    expect(rates!.main!.messages).to.deep.equal({ malformed: 0 });
    expect(notes).to.deep.equal([
      'A counter fell although conntrackd was not restarted, and has no rate: main, messages, lost.',
    ]);
    await sandbox.sh('rm /mnt/second');
  });

  it('has no rates where nobody can say whether the daemon was restarted', async () => {
    await instead(`if [ "$asked" = "-s runtime" ]; then [ -e /mnt/second ] && kill -SEGV $$; touch /mnt/second; fi`);
    const { rates, notes, error, code } = await document('main', '--interval', '0.5');
    expect({ rates, code, error: error?.code }).to.deep.equal({ rates: undefined, code: 4, error: 'TOOL_CRASHED' });
    expect(notes?.[0]).to.match(/^Whether conntrackd was restarted .* is not known/);
    await sandbox.sh('rm /mnt/second');
  });

  it('Ctrl-C ends the wait for the second reading', async () => {
    const under = ['timeout', '--preserve-status', '--signal', 'INT', '2'];
    const env = DAEMON_ENVIRONMENT;
    expect(await sandbox.ctsync([...STATISTICS, '--all', '--interval', '60'], { env, under })).to.deep.equal({
      stdout: '',
      stderr: 'Error: Interrupted between the two readings. [INTERRUPTED]\n',
      code: 130,
      signal: null,
    });
  });

  it('names at once all that sudo has to allow', async () => {
    await instead('');
    const { stderr } = await sandbox.ctsync([...STATISTICS, '--all', '--interval', '1', '--no-sudo'], {
      as: 'operator',
      env: DAEMON_ENVIRONMENT,
    });
    expect(stderr).to.include('[PERMISSION_DENIED]');
    const allowed = stderr.split('NOPASSWD: ')[1]!.trim().split(', ');
    const pages = [
      '-s runtime',
      '-s',
      ...'expect network link queue rsqueue process cache'.split(' ').map((p) => `-s ${p}`),
    ];
    expect(allowed).to.deep.equal(pages.map((words) => `/usr/sbin/conntrackd -C ${DAEMON.conf} ${words}`));
  });

  for (const [what, redirect, code] of [
    ['a full disk is an error', '> /dev/full', 1],
    ['a reader that has gone is none', '| head -n 1', 0],
  ] as const) {
    it(what, async () => {
      const script = `set +e -o pipefail; CTSYNC_DAEMON_CONFIG=${DAEMON.conf} /mnt/node /mnt/ctsync/bin/run.js ${STATISTICS.join(' ')} --all ${redirect}; echo "code=$?"`;
      expect(await sandbox.sh(script)).to.match(new RegExp(`code=${code}\n$`));
    });
  }
});
