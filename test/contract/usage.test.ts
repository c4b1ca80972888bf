import { expect } from 'chai';
import { run } from '../lab/run.js';
import { commandLine, ctsync, NEUTRAL } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, USAGE } from '../support/failures.js';

const HELP = 'Add --help to see how it is used.';
const TIMEOUT = '--timeout takes a number of seconds above 0, such as 30 or 0.5, not';

/** Command lines that are wrong, with what is said of them and what to do. */
const WRONG: readonly (readonly [line: string, message: string, next: string])[] = [
  [
    'reset conntrack-sync ext',
    'There is no command "reset conntrack-sync ext".',
    'Did you mean "ctsync reset conntrack-sync external-cache"?',
  ],
  ['frob', 'There is no command "frob".', 'See what there is with "ctsync --help".'],
  [
    'show contrack table ipv4',
    'There is no command "show contrack table ipv4".',
    'Did you mean "ctsync show conntrack table ipv4"?',
  ],
  [
    'show conntrack table ipv5',
    'There is no command "show conntrack table ipv5".',
    'Did you mean "ctsync show conntrack table ipv4"?',
  ],
  [
    'show conntrack-sync stats',
    'There is no command "show conntrack-sync stats".',
    'Did you mean "ctsync show conntrack-sync status"?',
  ],
  ['show conntrack table ipv4 --frob', 'Nonexistent flag: --frob.', HELP],
  ['show conntrack-sync statistics --wide', 'Nonexistent flag: --wide.', HELP],
  [
    'show conntrack-sync statistics --daemon-config=',
    '--daemon-config takes the path of a file, and it is empty.',
    HELP,
  ],
  [
    'show conntrack-sync status --keepalived-config=',
    '--keepalived-config takes the path of a file, and it is empty.',
    HELP,
  ],
  ['export prometheus --keepalived-config=', '--keepalived-config takes the path of a file, and it is empty.', HELP],
  ['show conntrack table ipv4 --timeout soon', `${TIMEOUT} "soon".`, HELP],
  ['show conntrack table ipv4 --timeout 0', `${TIMEOUT} "0".`, HELP],
  ['show conntrack table ipv4 --timeout=-1', `${TIMEOUT} "-1".`, HELP],
  ['show conntrack table ipv4 --timeout 1e3', `${TIMEOUT} "1e3".`, HELP],
  ['show conntrack table ipv4 --timeout 99999999', `${TIMEOUT} "99999999".`, HELP],
];

describe('contract: a command line that is wrong', () => {
  it('is said whole in a document that is larger than a pipe, before there is any command', async () => {
    const slowly = `"$@" "$(printf %0100000d 1)" --json | (sleep 0.3; cat)`;
    const { stdout } = await run(['bash', '-c', slowly, 'bash', ...commandLine([])], { env: NEUTRAL });
    expect(documentOf(stdout).error?.message).to.have.length.greaterThan(100_000);
  });

  for (const [line, message, next] of WRONG) {
    it(line, () => {
      const failure = { code: 'USAGE', message, next } as const;
      return expectFailure((...flags) => ctsync([...line.split(' '), ...flags]), failure, USAGE);
    });
  }

  it('a flag that lacks its value', () =>
    expectFailure(
      (...flags) => ctsync(['show', 'conntrack', 'table', 'ipv4', ...flags, '--from']),
      { code: 'USAGE', message: 'Flag --from expects a value.', next: HELP },
      USAGE,
    ));

  for (const [topic, ...flags] of [
    ['show', '--json'],
    ['show conntrack', '--format', 'json', '--json'],
    ['show conntrack-sync cache', '--frob', '--json'],
  ] as const)
    it(`the beginning of a command with flags: ${topic} ${flags.join(' ')}`, async () => {
      const { stdout, code } = await ctsync([...topic.split(' '), ...flags]);
      expect(documentOf(stdout).error).to.deep.equal({
        code: 'USAGE',
        message: `"ctsync ${topic}" is only the beginning of a command, so ${flags[0]} has nothing to act on.`,
        next: `See what it goes on with: "ctsync ${topic} --help".`,
      });
      expect(code).to.equal(2);
    });

  it('an argument too many', async () => {
    const { stdout, code } = await ctsync(['show', 'conntrack', 'table', 'ipv4', 'more', '--json']);
    expect(documentOf(stdout).error?.code).to.equal('USAGE');
    expect(code).to.equal(2);
  });

  it('an environment that is wrong is not asked before the command line', async () => {
    const { stderr, code } = await ctsync(['show', 'conntrack-sync', 'status', '--frob'], {
      env: { CTSYNC_DAEMON_CONFIG: '/nosuch', CTSYNC_KEEPALIVED_CONFIG: '/nosuch' },
    });
    expect(stderr).to.equal(`Error: Nonexistent flag: --frob. [USAGE]\n  next:    ${HELP}\n`);
    expect(code).to.equal(2);
  });

  it('DEBUG shows where an error came from, and nothing else does', async () => {
    const line = ['show', 'conntrack', 'table', 'ipv4', '--frob'];
    const plain = await ctsync(line);
    expect(plain.stderr).to.not.match(/^ {4}at /m);
    const { stderr } = await ctsync(line, { env: { DEBUG: 'ctsync:*' } });
    expect(stderr).to.match(/^ {4}at /m);
  });
});
