import { expect } from 'chai';
import { documentOf, type Document } from '../support/documents.js';
import { EXPECTATIONS } from '../support/expected-flows.js';
import { Sandbox, sandboxUnavailable, type SandboxOptions } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const FLOWS = 20;
const TCP_FLOW =
  'conntrack -I -p tcp --state ESTABLISHED -t 600 -u ASSURED,SEEN_REPLY -s 10.1.0.1 -d 192.0.2.7 --sport 5000 --dport 443 2>/dev/null >&2';

describe('contract: questions about the caches of a live daemon', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(`${TRACKING}${configured()}${STARTED}${flows(FLOWS)}\n${TCP_FLOW}\n${EXPECTATIONS}`);
  });
  after(() => sandbox?.stop());

  const show = (words: string, ...flags: string[]) => showWith({}, words, ...flags);

  function showWith({ env, ...options }: SandboxOptions, words: string, ...flags: string[]) {
    const args = ['show', 'conntrack-sync', 'cache', ...words.split(' '), ...flags];
    return sandbox.ctsync(args, { ...options, env: { ...DAEMON_ENVIRONMENT, ...env } });
  }

  async function shown(words: string, ...flags: string[]): Promise<Document> {
    const { stdout, stderr, code } = await show(words, ...flags, '--json');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    return documentOf(stdout);
  }

  it('counts, and says that it counted all', async () => {
    expect(await show('internal', '--port', '53', '--count')).to.include({ stdout: `${FLOWS}\n`, stderr: '', code: 0 });
    const { count, complete, summary } = await shown('internal', '--destination', '192.0.2.7:443', '--count');
    expect({ count, complete }).to.deep.equal({ count: 1, complete: true });
    expect(summary).to.include({ matched: 1 });
    expect(summary!.scanned).to.be.at.least(FLOWS + 1);
    expect(await show('external', '--count')).to.include({ stdout: '0\n', stderr: '', code: 0 });
  });

  it('says how many of how many flows it shows', async () => {
    const { stdout } = await show('internal', '--source', '10.1.0.1');
    expect(stdout).to.match(
      /^SOURCE +DESTINATION .*\n10\.1\.0\.1:5000 192\.0\.2\.7:443 .*\n\n1 matching flow in the internal cache, complete \(\d+ looked at\)\.\n$/,
    );
  });

  it('a limit ends the dump early, and leaves open how many more there are', async () => {
    const { flows: some, summary, complete } = await shown('internal', '--limit', '5');
    expect(some).to.have.length(5);
    expect(summary).to.include({ shown: 5, limited: true }).and.to.not.have.any.keys('matched', 'scanned');
    expect(complete).to.equal(undefined);
    expect((await show('internal', '--limit', '2')).stdout).to.match(
      /\n\nthe first 2 flows in the internal cache\.\n$/,
    );
    expect((await shown('internal', '--sort', 'src', '--limit', '2')).complete).to.equal(true);
  });

  it('explains that conntrackd filters nothing, and asks nobody', async () => {
    const daemon = `conntrackd -C ${DAEMON.conf}`;
    const { stdout, code } = await show('internal', '--protocol', 'tcp', '--filter', 'bytes gt 1k', '--explain');
    expect(stdout).to.equal(
      `${daemon} -i
  ctsync filters  tcp          conntrackd gives a cache as a whole
  ctsync filters  bytes gt 1k  conntrackd gives a cache as a whole
${daemon} -s
  asked before and after it: the counters say whether it came whole
${daemon} -s runtime
  asked before and after it: the counters say whether it came whole
`,
    );
    expect(code).to.equal(0);
    const { commands } = await shown('external', '--explain');
    expect(commands).to.deep.equal(
      [['-e'], ['-s'], ['-s', 'runtime']].map((words) => ({
        command: ['conntrackd', '-C', DAEMON.conf, ...words],
        pushed: [],
        kept: [],
      })),
    );
  });

  it('shows the expectations of the cache', async () => {
    // conntrackd's filter leaves out what is of the host itself, and these sessions are.
    const { expectations, complete, cache } = await shown('internal expect');
    expect(expectations).to.be.an('array');
    expect({ complete, cache }).to.deep.equal({ complete: true, cache: 'internal' });
  });

  it('refuses what the cache can not tell before anything is written', async () => {
    const { stdout, stderr, code } = await show('internal', '--filter', 'not bytes gt 0', '--count');
    expect(stderr).to.match(/^Error: "bytes gt 0" can not be told from the internal cache: .* \[USAGE\]\n/);
    expect({ stdout, code }).to.deep.equal({ stdout: '', code: 2 });
  });

  describe('where the dump is cut short', () => {
    /** The real conntrackd by the name that is looked for first; of a dump only the beginning comes. */
    const env = { PATH: '/mnt/bin:/usr/sbin:/usr/bin' };
    before(() =>
      sandbox.sh(`mkdir -p /mnt/bin; cat > /mnt/bin/conntrackd << 'END'
#!/bin/bash
case " $* " in
  *' -i '*) /usr/sbin/conntrackd "$@" | head -n 5; exit 0;;
esac
exec /usr/sbin/conntrackd "$@"
END
chmod +x /mnt/bin/conntrackd`),
    );

    for (const [flags, wanted] of [
      [['--count'], /^5, INCOMPLETE\n$/],
      [['--count', '--json'], /"count": 5,[^]*"complete": false,\s+"error": \{/],
      [['--port', '9', '--exists'], /^unknown\n$/],
      [
        ['--protocol', 'udp'],
        /\n\d matching flows? in the internal cache, INCOMPLETE \(5 looked at\)\.\n$|\n5 flows in the internal cache, INCOMPLETE\.\n$/,
      ],
      [['--sort', 'src', '--limit', '2'], /\n2 of 5 flows in the internal cache, INCOMPLETE\.\n$/],
      [['--format', 'ndjson'], /\n\{"schema":"ctsync\/summary\/1","cache":"internal",.*"complete":false/],
    ] as const) {
      it(`${flags.join(' ')} says so`, async () => {
        const { stdout, stderr, code } = await showWith({ env }, 'internal', ...flags);
        expect(stdout).to.match(wanted);
        expect(stderr).to.include('The cache was not dumped whole: the dump has 5 flows, and the cache held at least ');
        expect(code).to.equal(4);
      });
    }

    it('what was found is found, and a limit asks for no more', async () => {
      expect(await showWith({ env }, 'internal', '--exists')).to.include({ stdout: 'yes\n', code: 0 });
      expect(await showWith({ env }, 'internal', '--limit', '3')).to.include({ stderr: '', code: 0 });
    });
  });

  it('a reader that leaves, and a disk that is full', async () => {
    const full = await showWith({ under: ['bash', '-c', 'exec "$@" > /dev/full', 'bash'] }, 'internal expect');
    expect(full.stderr).to.match(/^Error: The output could not be written: no space is left on the device\. /);
    expect(full.code).to.equal(1);
    const gone = await showWith(
      { under: ['bash', '-c', '"$@" | true; exit ${PIPESTATUS[0]}', 'bash'] },
      'internal',
      '--wide',
    );
    expect(gone).to.include({ stdout: '', stderr: '', code: 0 });
  });

  it('an ordinary user is told what sudo has to allow', async () => {
    const { stderr, code } = await showWith({ as: 'operator' }, 'internal expect', '--json');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 1 });
    const { stdout } = await showWith({ as: 'operator' }, 'internal expect', '--json');
    const { error } = documentOf(stdout);
    expect(error?.code).to.equal('PERMISSION_DENIED');
    for (const words of ['-s expect', '-s runtime', '-i expect']) expect(error?.next).to.include(words);
  });

  // The last one: its daemon does not come back.
  describe('where the daemon does not answer', () => {
    it('a daemon that is stopped, and one that is not there', async () => {
      const pid = (await sandbox.sh('cat /mnt/conntrackd.pid')).trim();
      await sandbox.sh(`kill -STOP ${pid}`);
      for (const words of ['internal expect', 'internal --count', 'external --exists']) {
        const { stdout, stderr, code } = await show(words, '--timeout', '0.5');
        expect(stderr, words).to.match(
          / said nothing for 0\.5 s and was ended: conntrackd, process \d+, is stopped\. \[TIMEOUT\]/,
        );
        expect({ stdout, code }, words).to.deep.equal({ stdout: '', code: 1 });
      }
      await sandbox.sh(
        `kill -CONT ${pid}; kill ${pid}; for _ in {1..100}; do [ -e ${DAEMON.socket} ] || break; sleep 0.05; done`,
      );
      for (const words of ['internal expect', 'internal --count']) {
        const { stdout, stderr, code } = await show(words);
        expect(stderr, words).to.match(/^Error: conntrackd is not running: .* \[DAEMON_UNREACHABLE\]/);
        expect({ stdout, code }, words).to.deep.equal({ stdout: '', code: 1 });
      }
    });
  });
});
