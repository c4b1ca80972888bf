import { crc32 } from 'node:zlib';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON_ENVIRONMENT, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

describe('contract: the state file of the checks', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let folder: string;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(100) + configured() + STARTED);
    folder = mkdtempSync(join(tmpdir(), 'ctsync-state-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await sandbox?.stop();
  });
  const check = (...words: string[]) => sandbox.ctsync(['check', ...words], { env: DAEMON_ENVIRONMENT });
  const state = () => join(folder, 'state');
  const keeping = (...words: string[]) => check(...words, '--state-file', state());
  const rates = /drop_per_second=/;
  beforeEach(() => rmSync(state(), { force: true, recursive: true }));

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
    ['something else', () => '{"schema":"ctsync/check-state/3"}'],
    ['null', () => 'null'],
    ['changed in one digit', (text: string) => text.replace(/"drop":(\d+)/, '"drop":1$1')],
    ['an older one without pages', () => older('{"at":1,"pages":null}')],
    ['signed, without pages', (text: string) => forged(text, '{"sample":{"at":1,"pages":null}}')],
    ['signed, and a list', (text: string) => forged(text, '[]')],
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

  it('has the samples of both checks, which may run at once', async () => {
    for (let round = 0; round < 3; round++) {
      rmSync(state(), { force: true });
      await Promise.all([keeping('conntrack'), keeping('conntrack-sync')]);
      const [kernel, sync] = [await keeping('conntrack'), await keeping('conntrack-sync')];
      expect(kernel.stdout).to.match(rates).and.to.not.include('No rates');
      expect(sync.stdout)
        .to.match(/ lost_per_second=/)
        .and.to.not.include('No rates');
    }
  });

  it('is not kept from being written by a lock that a run has left which was killed', async () => {
    await keeping('conntrack');
    writeFileSync(join(folder, '.state.lock'), '');
    expect((await keeping('conntrack')).code).to.equal(0);
    expect(readdirSync(folder).filter((name) => name.includes('state'))).to.deep.equal(['state']);
  });

  it('says what could not be judged for want of a baseline, and judges it next time', async () => {
    const first = await keeping('conntrack', '-c', 'drop_per_second=0', '-w', 'flows=1:');
    expect(first.stdout).to.match(/^Not judged: drop_per_second, for this is the first run, /m);
    const second = await keeping('conntrack', '-c', 'drop_per_second=0', '-w', 'flows=1:');
    expect(second.stdout)
      .to.match(/ drop_per_second=0;;0;0/)
      .and.to.not.include('Not judged');
    expect([first.code, second.code]).to.deep.equal([0, 0]);
  });

  describe('that can not be used', () => {
    const down = (): string[] => {
      const file = join(folder, 'down.conf');
      writeFileSync(file, `General {\n  UNIX {\n    Path ${join(folder, 'nobody.sock')}\n  }\n}\n`);
      return ['--daemon-config', file];
    };
    const lost = (): string => join(folder, 'nosuch', 'state');

    for (const [what, make, said] of [
      ['for want of a folder', lost, /The baseline was not written to .*: its folder does not exist\./],
      ['since it is a link', () => linked(state()), /The baseline was not written: .* is a symbolic link\./],
      ['since it is a folder', () => folderAt(state()), /The state file .* is a folder\./],
    ] as const) {
      it(`${what}: what would be OK is UNKNOWN`, async () => {
        const { stdout, code } = await check('conntrack', '--state-file', make());
        expect(stdout).to.match(new RegExp(`^CONNTRACK UNKNOWN - ${said.source}`));
        expect(code).to.equal(3);
      });

      it(`${what}: what is wrong with the node is said all the same`, async () => {
        const { stdout, code } = await check('conntrack-sync', ...down(), '--state-file', make());
        expect(stdout).to.match(/^CONNTRACK-SYNC CRITICAL - conntrackd is not running: /);
        expect(stdout).to.match(new RegExp(`^UNKNOWN: ${said.source}$`, 'm'));
        expect(code).to.equal(2);
        const warned = await check('conntrack', '-w', 'flows=1', '--state-file', make());
        expect(warned.stdout).to.match(/^CONNTRACK WARNING - flows is /);
        expect(warned.code).to.equal(1);
      });
    }
  });
});

/** A state file as the first version wrote it. */
function older(sample: string): string {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `{"schema":"ctsync/check-state/1","boot_id":"${boot}","sample":${sample}}`;
}

/** A state file of the kernel's check with something else in it, and a digest that is right. */
function forged(text: string, kept: string): string {
  const { schema, boot_id } = JSON.parse(text) as { schema: string; boot_id: string };
  const checksum = crc32(`conntrack\n${kept}`);
  return JSON.stringify({
    schema,
    boot_id,
    checks: { conntrack: { crc32: checksum, kept: JSON.parse(kept) as unknown } },
  });
}

function linked(path: string): string {
  rmSync(path, { force: true });
  symlinkSync('/nonexistent/elsewhere', path);
  return path;
}

function folderAt(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
