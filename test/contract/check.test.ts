import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ctsync } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { flows, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const FIGURES = /^CONNTRACK OK - (\d+) of \d+ flows \| used=[\d.]+%;;;0;100 flows=\1;;;0;\d+ insert_failed=\d+c;;;0/;

describe('contract: checks for monitoring systems', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let folder: string;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(100));
    folder = mkdtempSync(join(tmpdir(), 'ctsync-check-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await sandbox?.stop();
  });
  const check = (...words: string[]) => sandbox.ctsync(['check', ...words]);

  it('conntrack: one line with figures and rates, 0', async () => {
    const { stdout, stderr, code } = await check('conntrack');
    expect(stdout).to.match(FIGURES);
    expect(stdout).to.contain(' drop_per_second=0;;;0');
    expect({ lines: stdout.split('\n').length, stderr, code }).to.deep.equal({ lines: 2, stderr: '', code: 0 });
  });

  for (const [words, status, code, said] of [
    [['-w', 'flows=10'], 'WARNING', 1, /flows is 10\d, which the range 10 alerts of\. \| .* flows=10\d;10;;0/],
    [['-c', 'flows=10'], 'CRITICAL', 2, /flows is 10\d/],
    [['-w', 'flows=10', '-c', 'flows=50'], 'CRITICAL', 2, / flows=10\d;10;50;0/],
    [['-w', 'flows=10:1000', '--critical', 'drop_per_second=0'], 'OK', 0, / flows=10\d;10:1000;;0/],
    [['-c', '@flows=10'], 'UNKNOWN', 3, /"@flows=10" is no threshold\./],
    [['-c', 'flows=20:10'], 'UNKNOWN', 3, /"20:10" is no range\./],
    [['-c', 'flow=10'], 'UNKNOWN', 3, /metrics are used, flows, /],
    [['--nonsense'], 'UNKNOWN', 3, /Nonexistent flag: --nonsense\./],
    [['-t', 'x'], 'UNKNOWN', 3, /--timeout takes a number/],
    [['-t', '1'], 'UNKNOWN', 3, /Gave up after 1 s, while waiting 3 s for the second sample\./],
    [['--from', 'x'], 'UNKNOWN', 3, /--from is for conntrackd's files/],
  ] as const) {
    it(`conntrack ${words.join(' ')}: ${status}`, async () => {
      const { stdout, stderr, code: ended } = await check('conntrack', ...words);
      expect(stdout)
        .to.match(new RegExp(`^CONNTRACK ${status} - `))
        .and.to.match(said);
      expect({ stderr, code: ended }).to.deep.equal({ stderr: '', code });
    });
  }

  it('conntrack-sync without a daemon is CRITICAL, and says what to do', async () => {
    const { stdout, code } = await check('conntrack-sync', '--daemon-config', sandboxConf(folder));
    expect(stdout).to.match(/^CONNTRACK-SYNC CRITICAL - conntrackd is not running: /);
    expect(stdout)
      .to.match(/^CRITICAL: CTS-101 daemon-down: /m)
      .and.to.match(/^Next: /m);
    expect(code).to.equal(2);
  });

  it('conntrack-sync with a configuration that is not there is UNKNOWN', async () => {
    const { stdout, code } = await check('conntrack-sync', '--daemon-config', join(folder, 'nosuch.conf'));
    expect(stdout).to.match(/^CONNTRACK-SYNC UNKNOWN - .*nosuch\.conf does not exist/);
    expect(code).to.equal(3);
  });

  it('--json is one document, also where it could not be made', async () => {
    const { stdout, code } = await check('conntrack', '--json', '-w', 'flows=10');
    const document = JSON.parse(stdout) as { status: string; metrics: { name: string; warning?: string }[] };
    expect([code, document.status]).to.deep.equal([1, 'WARNING']);
    expect(document.metrics.find(({ name }) => name === 'flows')?.warning).to.equal('10');
    const failed = await check('conntrack', '--json', '-w', 'x');
    expect([failed.code, (JSON.parse(failed.stdout) as { status: string }).status]).to.deep.equal([3, 'UNKNOWN']);
  });

  it('a full disk is UNKNOWN', async () => {
    const { code, stderr } = await sandbox.ctsync(['check', 'conntrack', '-t', '20'], {
      under: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'],
    });
    expect(code).to.equal(3);
    expect(stderr).to.match(/^Error: The output could not be written: no space is left on the device\. /);
  });

  for (const [words, service, said] of [
    ['nosuch', 'CTSYNC', /There is no command "check nosuch"\./],
    ['conntrack-sync extra', 'CONNTRACK-SYNC', /There is no command "check conntrack-sync extra"\./],
    ['conntrack extra', 'CONNTRACK', /Did you mean "ctsync check conntrack"\?/],
    ['--version', 'CTSYNC', /"ctsync check" is only the beginning of a command/],
    ['conntrack -w drop=1 -c drop=2 -w drop=3', 'CONNTRACK', /--warning is given twice for drop\./],
    ['conntrack --state-file=', 'CONNTRACK', /--state-file takes the path of a file, and it is empty\./],
    [
      'conntrack-sync --daemon-config=',
      'CONNTRACK-SYNC',
      /--daemon-config takes the path of a file, and it is empty\./,
    ],
    ['conntrack-sync --keepalived-config=', 'CONNTRACK-SYNC', /--keepalived-config takes the path/],
    ['conntrack-sync --from x --state-file y', 'CONNTRACK-SYNC', /--from and --state-file exclude each other\./],
    ['conntrack --version --json', 'CONNTRACK', /--json and --version exclude each other\./],
  ] as const) {
    it(`check ${words}: UNKNOWN, on stdout`, async () => {
      const { stdout, stderr, code } = await ctsync(['check', ...words.split(' ')]);
      if (!words.includes('--json')) expect(stdout).to.match(new RegExp(`^${service} UNKNOWN - `));
      expect(stdout).to.match(said);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 3 });
      if (words.includes('--json')) return;
      const document = documentOf((await ctsync(['check', ...words.split(' '), '--json'])).stdout);
      expect(document).to.include({ schema: 'ctsync/check/1', service, status: 'UNKNOWN' });
    });
  }

  for (const words of ['conntrack', 'conntrack-sync']) {
    it(`${words} --help says what its exit codes are, and ends with 3`, async () => {
      const { stdout, code } = await ctsync(['check', words, '--help']);
      const [, codes = ''] = /\nEXIT CODES\n([^]*?)\n\n/.exec(stdout) ?? [];
      expect(codes).to.match(/^ {2}0 {2}OK\n {2}1 {2}WARNING: .*\n {2}2 {2}CRITICAL: [^]*\n {2}3 {2}UNKNOWN: .*$/);
      expect(code).to.equal(3);
    });

    it(`${words} --version is one line, and ends with 3`, async () => {
      for (const flag of ['--version', '-V']) {
        const { stdout, code } = await ctsync(['check', words, flag]);
        expect(stdout).to.match(/^ctsync \d+\.\d+\.\d+\S*\n$/);
        expect(code).to.equal(3);
      }
    });
  }

  it('what is only the beginning of a check is never OK', async () => {
    for (const words of [['check'], ['check', '--help']]) expect((await ctsync(words)).code).to.equal(3);
  });

  it('a full disk and a reader that has gone are UNKNOWN, whatever was asked for', async () => {
    for (const words of ['--help', 'bogus', '-V']) {
      const { code } = await sandbox.ctsync(['check', 'conntrack', words], {
        under: ['sh', '-c', 'exec "$@" > /dev/full', 'sh'],
      });
      expect(code, words).to.equal(3);
    }
  });
});

/** A configuration whose control socket nobody listens on. */
function sandboxConf(folder: string): string {
  const file = join(folder, 'conntrackd.conf');
  writeFileSync(file, `General {\n  UNIX {\n    Path ${join(folder, 'nobody.sock')}\n  }\n}\n`);
  return file;
}
