import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ctsync } from '../support/ctsync.js';
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

  it('an unknown check is UNKNOWN, too', async () => {
    expect((await ctsync(['check', 'nosuch'])).code).to.equal(3);
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

  describe('--state-file', () => {
    const state = () => join(folder, 'state');
    beforeEach(() => rmSync(state(), { force: true }));
    const rates = /drop_per_second=/;

    it('has no rates in the first run and says so, and has them in the second', async () => {
      const first = await check('conntrack', '--state-file', state());
      expect(first.stdout)
        .to.match(/^No rates: this is the first run, so there is no baseline yet\.$/m)
        .and.to.not.match(rates);
      expect(statSync(state()).mode & 0o777).to.equal(0o600);
      const second = await check('conntrack', '--state-file', state());
      expect(second.stdout).to.match(rates).and.to.not.include('No rates');
      expect([first.code, second.code]).to.deep.equal([0, 0]);
    });

    for (const [what, damage] of [
      ['cut', (text: string) => text.slice(0, text.length / 2)],
      ['empty', () => ''],
      ['something else', () => '{"schema":"ctsync/check-state/2"}'],
      ['null', () => 'null'],
    ] as const) {
      it(`begins anew where it is ${what}`, async () => {
        await check('conntrack', '--state-file', state());
        writeFileSync(state(), damage(readFileSync(state(), 'utf8')));
        const { stdout, code } = await check('conntrack', '--state-file', state());
        expect(stdout).to.match(/^No rates: the baseline in .* is damaged and begins anew\.$/m);
        expect(code).to.equal(0);
        expect((await check('conntrack', '--state-file', state())).stdout).to.match(rates);
      });
    }

    it('is not compared with one from before a restart of the machine', async () => {
      await check('conntrack', '--state-file', state());
      writeFileSync(state(), readFileSync(state(), 'utf8').replace(/"boot_id":"[^"]*"/, '"boot_id":"another"'));
      expect((await check('conntrack', '--state-file', state())).stdout).to.match(
        /^No rates: the machine was restarted since the last run\.$/m,
      );
    });

    it('stays whole where several run at once, and nothing else is left', async () => {
      await Promise.all(Array.from({ length: 4 }, () => check('conntrack', '--state-file', state())));
      expect((await check('conntrack', '--state-file', state())).stdout).to.match(rates);
      expect(readdirSync(folder).filter((name) => name.includes('state'))).to.deep.equal(['state']);
    });

    it('that can not be written is UNKNOWN', async () => {
      const { stdout, code } = await check('conntrack', '--state-file', join(folder, 'nosuch', 'state'));
      expect(stdout).to.match(/^CONNTRACK UNKNOWN - The baseline was not written to /);
      expect(code).to.equal(3);
    });
  });
});

/** A configuration whose control socket nobody listens on. */
function sandboxConf(folder: string): string {
  const file = join(folder, 'conntrackd.conf');
  writeFileSync(file, `General {\n  UNIX {\n    Path ${join(folder, 'nobody.sock')}\n  }\n}\n`);
  return file;
}
