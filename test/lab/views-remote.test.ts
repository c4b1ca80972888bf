import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { expect } from 'chai';
import type { FlowTableDocument } from '../../src/model/documents.js';
import { commandLine } from '../support/ctsync.js';
import { UnreadOutput } from '../support/unread-output.js';
import type { RouterName } from './plan.js';
import { must, type Outcome, run } from './run.js';
import { sshdFor } from './sshd.js';
import { addFlows, ask, pairFor } from './views-support.js';

/** What an operator asks; each has the same answer on the router and from afar, but for what a second changes. */
const COMMANDS = [
  'show conntrack table ipv4',
  'show conntrack table ipv6 --wide',
  'show conntrack expect',
  'show conntrack count',
  'show conntrack statistics',
  'show conntrack-sync cache internal',
  'show conntrack-sync cache external --wide',
  'show conntrack-sync statistics',
  'show conntrack-sync statistics --all',
  'show conntrack-sync statistics link',
  'show conntrack-sync status --no-sample --verbose',
  'show log conntrack-sync',
  'export prometheus',
];

describe('a router that is asked from afar, with ssh', function () {
  this.timeout(120_000);
  const pair = pairFor();
  const daemons = sshdFor(pair);

  function far(router: string, words: readonly string[], more: Record<string, string> = {}): Promise<Outcome> {
    const env = { ...pair()[router === 'r2' ? 'r2' : 'r1'].environment, ...daemons().environment, ...more };
    return pair().ctsync('client', [...words, '--host', router], { env });
  }

  for (const command of COMMANDS) {
    it(`answers "${command}" as it does itself`, async () => {
      for (const router of ['r1', 'r2'] as const) {
        const own = await ask({ lab: pair(), router }, command);
        const { stdout, stderr, code } = await far(router, command.split(' '));
        expect({ stderr, code, page: still(stdout) }, router).to.deep.equal({
          stderr: own.stderr,
          code: own.code,
          page: still(own.stdout),
        });
      }
    });
  }

  it('is judged as it would be there', async () => {
    const { stdout, code } = await far('r1', ['check', 'conntrack-sync']);
    expect(stdout).to.match(/^CONNTRACK-SYNC OK - /);
    expect(code).to.equal(0);
  });

  it('is named in the document by its own name, not by ours', async () => {
    const { stdout } = await far('r1', ['show', 'conntrack', 'count', '--json']);
    const { host } = JSON.parse(stdout) as { host: string };
    expect(host).to.equal((await pair().exec('r1', ['cat', '/proc/sys/kernel/hostname'])).stdout.trim());
  });

  it('never has a word of the command line read by its shell', async () => {
    const mark = pair().r1.file('mark');
    const hostile = `/nonexistent/it's $(touch ${mark}) \`touch ${mark}\`; touch ${mark} & "x" \\ *.conf`;
    const { stderr, code } = await far('r1', ['show', 'conntrack-sync', 'statistics', '--daemon-config', hostile]);
    expect(code).to.equal(1);
    expect(stderr).to.include(hostile).and.to.include('[CONFIG_UNREADABLE]');
    expect((await run(['test', '-e', mark])).code).to.equal(1);
  });

  it('has a daemon that hangs: the deadline holds, and nothing of ours stays there', async () => {
    const pid = pair().r1.conntrackd.pid!;
    process.kill(pid, 'SIGSTOP');
    try {
      const { stderr, code } = await far('r1', ['show', 'conntrack-sync', 'statistics', '--timeout', '2']);
      expect(code).to.equal(1);
      expect(stderr).to.include('said nothing for 2 s').and.to.include(`kill -CONT ${pid}`).and.to.include('[TIMEOUT]');
      await pair().waitFor(async () => (await clientsOn('r1')) === '', { what: 'the client there to be gone' });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('is lost in the middle of a table: the rows that came, and that they are not all', async () => {
    // More than all buffers between conntrack there and our reader hold.
    await addFlows({ lab: pair(), router: 'r1' }, 60_000);
    const words = ['show', 'conntrack', 'table', 'ipv4', '--host', 'r1', '--json'];
    const argv = ['ip', 'netns', 'exec', pair().namespaces.client, ...commandLine(words)];
    const output = await UnreadOutput.of(argv, daemons().environment);
    await daemons().cut('r1');
    const { stdout, code } = await output.rest();
    const { flows, complete, error } = JSON.parse(stdout) as FlowTableDocument;
    expect({ code, complete, error: error?.code }).to.deep.equal({
      code: 4,
      complete: false,
      error: 'HOST_UNREACHABLE',
    });
    expect(flows).to.have.length.within(100, 59_999);
    await must(['ip', 'netns', 'exec', pair().namespaces.r1, 'conntrack', '-D', '-s', '10.35.100.87']);
  });

  for (const signal of ['SIGKILL', 'SIGHUP'] as const) {
    it(`stays connected with nobody after a ${signal} here`, async () => {
      const temporary = await mkdtemp('/tmp/ctsync-test-far-');
      try {
        const words = ['show', 'conntrack-sync', 'statistics', '--interval', '60', '--host', 'r1'];
        const argv = ['ip', 'netns', 'exec', pair().namespaces.client, ...commandLine(words)];
        const env = { ...process.env, ...daemons().environment, TMPDIR: temporary, LC_ALL: 'C' };
        const child = spawn(argv[0]!, argv.slice(1), { env, stdio: 'ignore' });
        const ended = once(child, 'exit');
        const isConnected = async (): Promise<boolean> => (await run(['pgrep', '-f', temporary])).code === 0;
        await pair().waitFor(isConnected, { what: 'the connection' });
        child.kill(signal);
        await ended;
        await pair().waitFor(async () => !(await isConnected()), { what: 'the end of the connection' });
        if (signal === 'SIGHUP') expect(await readdir(temporary)).to.deep.equal([]);
      } finally {
        await rm(temporary, { recursive: true });
      }
    });
  }

  const REFUSALS: readonly [what: string, host: string, says: RegExp][] = [
    [
      'has a name that nobody knows',
      'nosuch.invalid',
      /nosuch\.invalid can not be reached with ssh: its name is not known\. \[HOST_UNREACHABLE\]/,
    ],
    [
      'does not know us',
      'closed',
      /closed can not be reached with ssh: it refuses our keys\. \[HOST_UNREACHABLE\]\n.*Permission denied/,
    ],
    [
      'does not listen on that port',
      'r1:9',
      /r1:9 can not be reached with ssh: nobody listens there\. \[HOST_UNREACHABLE\]/,
    ],
  ];
  for (const [what, host, says] of REFUSALS) {
    it(`${what}: one sentence, and what to do`, async () => {
      const { stdout, stderr, code } = await far(host, ['show', 'conntrack-sync', 'statistics']);
      expect({ stdout, code }).to.deep.equal({ stdout: '', code: 1 });
      expect(stderr)
        .to.match(says)
        .and.to.match(/\n {2}next: {4}\S/);
    });
  }

  for (const host of ['-oProxyCommand=x', 'a b', 'r1\nx', 'r1;x', '', 'x@', 'r1:0', 'r1:70000']) {
    it(`is refused by the name ${JSON.stringify(host)}`, async () => {
      const words = ['show', 'conntrack', 'count', `--host=${host}`];
      const { stdout, stderr, code } = await pair().ctsync('client', words, { env: daemons().environment });
      expect({ stdout, code }).to.deep.equal({ stdout: '', code: 2 });
      expect(stderr).to.include('--host takes [USER@]HOST[:PORT]').and.to.include('[USAGE]');
    });
  }

  describe('several at once', () => {
    const both = (words: readonly string[], hosts: readonly string[] = ['r1', 'r2']): Promise<Outcome> =>
      pair().ctsync('client', [...words, ...hosts.flatMap((host) => ['--host', host])], {
        env: { ...pair().r1.environment, ...daemons().environment },
      });

    it('answer in the order in which they were named', async () => {
      const { stdout, stderr, code } = await both(['show', 'conntrack', 'count'], ['r2', 'r1']);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
      expect(stdout).to.match(/^== r2 ==\nflows +: \d+ of [\s\S]*\n\n== r1 ==\nflows +: /);
    });

    it('answer in one document', async () => {
      const { stdout, code } = await both(['show', 'conntrack', 'count', '--json']);
      const { schema, results, complete } = JSON.parse(stdout) as Results;
      expect({ schema, complete, code }).to.deep.equal({ schema: 'ctsync/hosts/1', complete: true, code: 0 });
      expect(results.map(({ host, exit_code: exit, document }) => [host, exit, document?.schema])).to.deep.equal([
        ['r1', 0, 'ctsync/flow-count/1'],
        ['r2', 0, 'ctsync/flow-count/1'],
      ]);
    });

    it('do not hide one another where one fails', async () => {
      const { stdout, stderr, code } = await both(['show', 'conntrack', 'count'], ['closed', 'r2']);
      expect(code).to.equal(4);
      expect(stdout).to.match(/^== closed ==\n\n== r2 ==\nflows +: /);
      expect(stderr).to.match(/^closed: Error: closed can not be reached with ssh/);
      const document = await both(['show', 'conntrack', 'count', '--json'], ['closed', 'r2']);
      const { results, complete } = JSON.parse(document.stdout) as Results;
      expect(complete).to.equal(false);
      expect(results.map(({ exit_code: exit, document: { error } = {} }) => [exit, error?.code])).to.deep.equal([
        [1, 'HOST_UNREACHABLE'],
        [0, undefined],
      ]);
    });

    it('fail where all do', async () => {
      expect((await both(['show', 'conntrack', 'count'], ['closed', 'nosuch.invalid'])).code).to.equal(1);
    });
  });

  describe('that has another host key', () => {
    it('is not asked', async () => {
      await daemons().forgetHostKey('r2');
      const { stderr, code } = await far('r2', ['show', 'conntrack', 'count']);
      expect(code).to.equal(1);
      expect(stderr).to.match(/its host key is not the one that is known\. \[HOST_UNREACHABLE\]/);
    });
  });

  async function clientsOn(router: RouterName): Promise<string> {
    const { stdout } = await run(['ip', 'netns', 'pids', pair().namespaces[router]]);
    const { stdout: found } = await run(['ps', '-o', 'args=', '-p', stdout.trim().replaceAll('\n', ',')]);
    return found
      .split('\n')
      .filter((line) => /conntrackd .* -s/.test(line))
      .join('\n');
  }
});

interface Results {
  schema: string;
  results: { host: string; exit_code: number; document?: { schema: string; error?: { code: string } } }[];
  complete: boolean;
}

/** A page without what a second changes: figures, times, and the flows that ssh itself makes. */
function still(page: string): string {
  const lines = page
    .split('\n')
    .filter((line) => !OF_THIS_MOMENT.test(line))
    .map((line) =>
      line
        .replace(/\([^()]* ago\)/g, '')
        .replace(/\d+(?:\.\d+)?(?:e[+-]?\d+)?/g, 'N')
        .replace(/ +/g, ' '),
    );
  return [...new Set(lines)].sort().join('\n');
}

/** Flows of ssh, whether there are any others, messages on their way, and how long it took. */
const OF_THIS_MOMENT =
  /10\.35\.100\.\d+:22\b|^SOURCE |^CONN ID |in the (?:in|ex)ternal cache, | -> seq:|no child at the moment|duration_seconds/;
