import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import type { SyncStatus } from '../../src/model/sync-status.js';
import { readSyncStatus } from '../../src/readers/status/sync-status.js';
import { readArchive } from '../support/archive.js';
import { fixture } from '../support/ctsync.js';
import { capturedFrom } from '../support/source-options.js';

const ARCHIVES = {
  's.txt': 'statistics',
  's-runtime.txt': 'runtime',
  's-link.txt': 'links',
} as const;

async function statusOf(folder: string): Promise<SyncStatus> {
  const { status } = await readSyncStatus({}, capturedFrom(folder));
  return status;
}

describe('readers/sync-status: from a folder of captured files', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ctsync-status-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (): Promise<SyncStatus> => statusOf(folder);
  const put = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content);
  const member = (archive: string, name: string): Buffer =>
    readArchive(fixture(`conntrackd-1.4.7/${archive}.archive`)).get(name)!;

  /** The captures of one router of a pair. */
  function putPair(pair: string, router: string): void {
    // The paths of these captures begin with a word in place of the folder that they stood in.
    const conf = readFileSync(fixture(`conntrackd-1.4.7/conf/${pair}.${router}.conf`), 'utf8');
    put('conntrackd.conf', conf.replaceAll('LAB/', '/lab/'));
    put('s.txt', member('statistics', `${pair}/${router}.s.txt`));
    put('s-runtime.txt', member('runtime', `${pair}/${router}.s_runtime.txt`));
    put('s-link.txt', member('links', `${pair}/${router}.s_link.txt`));
  }
  const reasons = (status: SyncStatus): Record<string, string> =>
    Object.fromEntries(status.unavailable.map(({ part, reason }) => [part, reason]));

  it('tells what the files say, and why it can not tell the rest', async () => {
    putPair('ftfw_mcast2', 'r1');
    put('keepalived.conf', readFileSync(fixture('documentation/status/keepalived.conf')));
    put('failover-state', 'BACKUP at 2026-11-22T13:28:00.123Z\n');
    const status = await read();
    expect(status.sync_interfaces).to.have.length(2);
    expect(status.links?.map(({ device }) => device)).to.deep.equal(status.sync_interfaces);
    expect(status.failover_mechanism).to.deep.equal({ type: 'vrrp', sync_groups: ['GEFOEKOM'], without_hook: [] });
    expect(status.last_transition).to.deep.include({ state: 'BACKUP', at: '2026-11-22T13:28:00.123Z' });
    expect(status.expectation_sync).to.equal('all');
    expect(status.daemon).to.deep.include({ mode: 'ftfw' });
    expect(status.daemon.uptime).to.match(/min$/);
    expect(status.caches?.map(({ name, kind }) => `${name} ${kind}`)).to.deep.equal([
      'internal cache',
      'external cache',
    ]);
    expect(reasons(status)).to.include({ role: 'not in the capture', 'installed version': 'not in the capture' });
  });

  for (const [pair, mode, caches] of [
    ['alarm_mcast', 'alarm', ['internal cache', 'external cache']],
    ['notrack_udp', 'notrack', ['internal cache', 'external cache']],
    ['notrack_udp_noint', 'notrack', ['internal bypass', 'external cache']],
    ['ftfw_udp_noext', 'ftfw', ['internal cache', 'external inject']],
  ] as const) {
    it(`knows the mode and the caches of ${pair}`, async () => {
      putPair(pair, 'r1');
      const { daemon, caches: found } = await read();
      expect(daemon.mode).to.equal(mode);
      expect(found?.map(({ name, kind }) => `${name} ${kind}`)).to.deep.equal(caches);
      for (const { kind, active } of found ?? [])
        expect(typeof active).to.equal(kind === 'cache' ? 'number' : 'undefined');
    });
  }

  for (const name of Object.keys(ARCHIVES) as (keyof typeof ARCHIVES)[]) {
    it(`loses one part only where ${name} is missing, garbage or another page`, async () => {
      putPair('ftfw_mcast1', 'r1');
      const whole = await read();
      const part = { 's.txt': 'caches', 's-runtime.txt': 'daemon', 's-link.txt': 'links' }[name];
      const other = name === 's.txt' ? 's-link.txt' : 's.txt';
      for (const content of [
        'garbage\n',
        member(ARCHIVES[other], `ftfw_mcast1/r1.${other === 's.txt' ? 's' : 's_link'}.txt`),
      ]) {
        put(name, content);
        const status = await read();
        expect(Object.keys(reasons(status))).to.deep.equal(
          [...new Set([...Object.keys(reasons(whole)), part])].sort(byPage(status)),
        );
        expect(status.sync_interfaces).to.deep.equal(whole.sync_interfaces);
      }
      rmSync(join(folder, name));
      expect(reasons(await read())[part]).to.equal('not in the capture');
    });
  }

  it('says why a configuration can not be understood, with its line', async () => {
    put('conntrackd.conf', 'Sync {\n  Mode FTFW {\n  }\n  Frobnicate\n}\n');
    const status = await read();
    expect(reasons(status)['sync-interface']).to.include('line 4').and.to.include('Frobnicate');
    expect(status).to.not.have.any.keys('sync_interfaces', 'expectation_sync');
  });

  it('takes FTFW for the mode that is not written, and none where nothing is synchronised', async () => {
    const link = 'Multicast {\n IPv4_address 225.0.0.50\n Group 3780\n IPv4_interface 10.0.0.1\n Interface eth0\n }';
    put('conntrackd.conf', `Sync {\n ${link}\n}\n`);
    expect((await read()).daemon.mode).to.equal('ftfw');
    put('conntrackd.conf', 'Stats {\n}\n');
    expect(await read()).to.deep.include({ sync_interfaces: [], expectation_sync: 'disabled' });
    expect((await read()).daemon.mode).to.equal('stats');
    put('conntrackd.conf', 'General {\n}\n');
    expect((await read()).daemon).to.not.have.property('mode');
  });

  it('has the names of helpers whose expectations are synchronised', async () => {
    put('conntrackd.conf', 'Sync {\n Options {\n ExpectationSync {\n ftp\n sip\n }\n }\n}\n');
    expect((await read()).expectation_sync).to.deep.equal(['ftp', 'sip']);
    put('conntrackd.conf', 'Sync {\n Options {\n ExpectationSync Off\n }\n}\n');
    expect((await read()).expectation_sync).to.equal('disabled');
  });

  it('reads the configurations as UTF-8, and the pages of conntrackd byte for byte', async () => {
    putPair('ftfw_mcast1', 'r1');
    put('keepalived.conf', 'vrrp_sync_group Büro {\n group {\n X\n }\n}\n');
    put(
      's-runtime.txt',
      Buffer.concat([member('runtime', 'ftfw_mcast1/r1.s_runtime.txt'), Buffer.from('gr\xfc\xdfe\n', 'latin1')]),
    );
    const { failover_mechanism, extra } = await read();
    expect(failover_mechanism?.without_hook).to.deep.equal(['Büro']);
    expect(extra).to.deep.equal({ runtime: ['grüße'] });
  });

  it('keeps what the parsers of the configurations warn of', async () => {
    put('conntrackd.conf', 'General {\n  Nice -20\n}\n');
    put('keepalived.conf', 'include nosuch.conf\n');
    const { warnings } = await read();
    expect(warnings).to.deep.include({
      program: 'conntrackd',
      file: join(folder, 'conntrackd.conf'),
      line: 2,
      message: 'Nice is deprecated: conntrackd ignores it',
    });
    expect(warnings).to.deep.include({
      program: 'keepalived',
      file: join(folder, 'keepalived.conf'),
      line: 1,
      message: 'nosuch.conf is not in the capture: what it says is missing here',
    });
  });

  describe('what keepalived.conf includes', () => {
    const group = (name: string): string =>
      `vrrp_sync_group ${name} {\n group {\n X\n }\n notify "/usr/libexec/ctsync-failover x"\n}\n`;

    for (const [pattern, file] of [
      ['more.conf', 'more.conf'],
      ['conf.d/*.conf', 'conf.d/a.conf'],
      ['/etc/keepalived/conf.d/*.conf', 'conf.d/a.conf'],
      ['/srv/vrrp/more.conf', 'srv/vrrp/more.conf'],
    ] as const) {
      it(`is read from the capture where it is there: ${pattern}`, async () => {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        put(file, group('B'));
        put('keepalived.conf', `include ${pattern}\n`);
        const status = await read();
        expect(status.failover_mechanism?.sync_groups).to.deep.equal(['B']);
        expect(status).to.not.have.property('warnings');
      });
    }

    for (const pattern of ['nosuch.conf', 'conf.d/*.conf', '/etc/hostname', '../outside.conf', '/../outside.conf']) {
      it(`is said not to be in the capture, and is never read from this host: ${pattern}`, async () => {
        const inner = join(folder, 'capture');
        mkdirSync(inner);
        put('outside.conf', group('OUTSIDE'));
        put('capture/keepalived.conf', `include ${pattern}\n`);
        const status = await statusOf(inner);
        expect(status).to.not.have.property('failover_mechanism');
        const at = `${join(inner, 'keepalived.conf')} includes it in line 1`;
        expect(reasons(status)['failover-mechanism']).to.equal(`${pattern} is not in the capture, and ${at}`);
        expect(status.unavailable.filter(({ code }) => code !== undefined)).to.deep.equal([]);
      });
    }

    it('and leads out of the capture is not followed', async () => {
      const inner = join(folder, 'capture');
      mkdirSync(inner);
      put('outside.conf', group('OUTSIDE'));
      symlinkSync('../outside.conf', join(inner, 'more.conf'));
      put('capture/keepalived.conf', 'include more.conf\n');
      const status = await statusOf(inner);
      expect(status).to.not.have.property('failover_mechanism');
      expect(reasons(status)['failover-mechanism']).to.include('more.conf leads out of the capture');
    });

    it('does not hide the group that is there', async () => {
      put('keepalived.conf', `${group('A')}include nosuch.conf\n`);
      const status = await read();
      expect(status.failover_mechanism?.sync_groups).to.deep.equal(['A']);
      expect(status.warnings).to.have.length(1);
    });
  });

  it('says what a file looks like that is something else', async () => {
    putPair('ftfw_mcast1', 'r1');
    for (const name of ['conntrackd.conf', 'keepalived.conf', 'failover-state', 's.txt', 's-link.txt']) {
      put(name, member('runtime', 'ftfw_mcast1/r1.s_runtime.txt'));
    }
    put('s-runtime.txt', member('statistics', 'ftfw_mcast1/r1.s.txt'));
    const { unavailable } = await read();
    const wrong = unavailable.filter(({ code }) => code === 'BAD_CAPTURE');
    const looks = (file: string, like = 'conntrackd -s runtime'): string => `${join(folder, file)} looks like ${like}`;
    expect(Object.fromEntries(wrong.map(({ part, reason }) => [part, reason]))).to.deep.equal({
      'sync-interface': looks('conntrackd.conf'),
      'failover-mechanism': looks('keepalived.conf'),
      'last state transition': looks('failover-state'),
      daemon: looks('s-runtime.txt', 'conntrackd -s'),
      caches: looks('s.txt'),
      links: looks('s-link.txt'),
    });
    for (const { next } of wrong) expect(next).to.match(/^Put .* into the capture as /);
  });

  it('does not take an empty file for a configuration or a page', async () => {
    for (const name of ['conntrackd.conf', 'keepalived.conf', 's.txt', 's-runtime.txt', 's-link.txt']) put(name, '');
    const codes = (await read()).unavailable.map(({ part, code }) => `${part} ${code}`);
    expect(codes).to.include.members(
      ['sync-interface', 'failover-mechanism', 'daemon', 'caches', 'links'].map((part) => `${part} BAD_CAPTURE`),
    );
  });

  it('has the next step of each failure', async () => {
    put('s.txt', 'garbage\n');
    put('conntrackd.conf', 'Frobnicate');
    const { unavailable } = await read();
    const next = Object.fromEntries(unavailable.map(({ part, next: step }) => [part, step]));
    expect(next['caches']).to.equal('Capture it again: the whole output of conntrackd -s, and nothing else.');
    expect(next['sync-interface']).to.be.a('string');
    expect(next['links']).to.equal(undefined);
  });

  it('gives the code of a failure for a part that failed, and none for one that was not captured', async () => {
    put('s.txt', 'garbage\n');
    put('conntrackd.conf', 'Frobnicate');
    const codes = Object.fromEntries((await read()).unavailable.map(({ part, code }) => [part, code]));
    expect(codes).to.include({ caches: 'BAD_CAPTURE', 'sync-interface': 'CONFIG_INVALID', links: undefined });
  });

  it('does not wait for a FIFO among the files', async () => {
    putPair('ftfw_mcast1', 'r1');
    execFileSync('mkfifo', [join(folder, 'failover-state')]);
    expect(reasons(await read())['last state transition']).to.match(/failover-state is not a regular file$/);
  });

  it('tells groups with a script for conntrackd from those without', async () => {
    const group = (name: string, notify: string): string =>
      `vrrp_sync_group ${name} {\n group {\n X\n }\n ${notify}\n}\n`;
    put(
      'keepalived.conf',
      group('A', 'notify_master "/bin/mail x"') +
        group('B', 'notify "/usr/libexec/ctsync-failover x"') +
        group('C', ''),
    );
    expect((await read()).failover_mechanism).to.deep.equal({
      type: 'vrrp',
      sync_groups: ['B'],
      without_hook: ['A', 'C'],
      // keepalived appends words to notify that are not those of the hook.
      faulty_hooks: [{ sync_group: 'B', missing: ['master', 'backup', 'fault'], wrong: [] }],
    });
  });

  it('can not say that there was no transition where the record is there and makes no sense', async () => {
    put('failover-state', 'nonsense\n');
    const status = await read();
    expect(status.last_transition).to.equal(undefined);
    expect(reasons(status)['last state transition']).to.include('does not record a transition');
    put('failover-state', '');
    expect(reasons(await read())).to.not.have.property('last state transition');
  });

  it('a member that is a folder is unavailable, and no failure of the page', async () => {
    putPair('ftfw_mcast1', 'r1');
    mkdirSync(join(folder, 'keepalived.conf'));
    expect(reasons(await read())['failover-mechanism']).to.match(/keepalived\.conf is a folder$/);
  });

  it('refuses a folder with none of the files', async () => {
    const failure = await read().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Failure).and.to.include({ code: 'BAD_CAPTURE' });
  });
});

/** Sorts parts in the order in which the status names them. */
function byPage({ unavailable }: SyncStatus): (a: string, b: string) => number {
  const order = unavailable.map(({ part }) => part);
  return (a, b) => order.indexOf(a) - order.indexOf(b);
}
