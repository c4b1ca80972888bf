import { expect } from 'chai';
import { commandLine, ctsync, NEUTRAL } from '../support/ctsync.js';
import { launch, type Outcome, run } from './run.js';
import { ask, pairFor } from './views-support.js';

const COMMANDS = [
  'show conntrack table ipv4',
  'show conntrack count',
  'show conntrack-sync statistics',
  'show conntrack-sync status --no-sample',
  'check conntrack',
  'export prometheus',
];

describe('a network namespace that is asked from outside', function () {
  this.timeout(60_000);
  const pair = pairFor();
  const within = (words: readonly string[], name = pair().namespaces.r1): Promise<Outcome> =>
    ctsync([...words, '--netns', name], { env: pair().r1.environment });

  for (const command of COMMANDS) {
    it(`answers "${command}" as from inside`, async () => {
      const own = await ask({ lab: pair(), router: 'r1' }, command);
      const { stdout, stderr, code } = await within(command.split(' '));
      expect({ stderr, code }).to.deep.equal({ stderr: own.stderr, code: own.code });
      expect(wordsOf(stdout)).to.deep.equal(wordsOf(own.stdout));
    });
  }

  it('that is not there: which there are', async () => {
    const { stdout, stderr, code } = await within(['show', 'conntrack', 'count'], 'nosuch');
    expect({ stdout, code }).to.deep.equal({ stdout: '', code: 1 });
    expect(stderr)
      .to.match(/^Error: There is no network namespace "nosuch" on this host\. \[HOST_UNREACHABLE\]\n/)
      .and.to.include(pair().namespaces.r1);
    const { stdout: document } = await within(['show', 'conntrack', 'count', '--json'], 'nosuch');
    expect((JSON.parse(document) as { error: { code: string } }).error.code).to.equal('HOST_UNREACHABLE');
    expect((await within(['check', 'conntrack'], 'nosuch')).code).to.equal(3);
    expect((await within(['show', 'conntrack', 'count'], '../r1')).code).to.equal(1);
  });

  it('may be entered by root alone', async () => {
    const user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const words = commandLine(['show', 'conntrack', 'count', '--netns', pair().namespaces.r1]);
    const { stderr, code } = await run([...user, ...words], { env: NEUTRAL, cwd: '/' });
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /^Error: Only root may enter the network namespace .*, not nobody\. \[PERMISSION_DENIED\]\n/,
    );
  });

  it('is one, and no capture or other host', async () => {
    for (const flags of [
      ['--from', '-'],
      ['--host', 'r1'],
      ['--netns', 'twice'],
    ]) {
      const { code } = await within(['show', 'conntrack', 'count', ...flags]);
      expect(code, flags.join(' ')).to.equal(2);
    }
  });

  it('ends with its own exit code, also by a signal', async () => {
    const exists = await within(['show', 'conntrack', 'table', '--filter', 'src 203.0.113.77', '--exists']);
    expect(exists.code).to.equal(5);
    const words = commandLine(['show', 'log', 'conntrack-sync', '--follow', '--netns', pair().namespaces.r1]);
    const following = launch(words, { env: { ...process.env, ...NEUTRAL, ...pair().r1.environment }, stdio: 'pipe' });
    await new Promise((resolve) => following.stdout!.once('data', resolve));
    following.kill('SIGTERM');
    expect(await new Promise((resolve) => following.once('exit', resolve))).to.equal(143);
  });
});

/** What a page says beside the figures of the moment. */
function wordsOf(page: string): string[] {
  const words = page.match(/[A-Za-z_]{3,}/g) ?? [];
  return [...new Set(words)].sort();
}
