import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { SyncStatisticsDocument, SyncStatusDocument } from '../../src/model/documents.js';
import {
  addNewFlows,
  codesOn,
  codesOnBoth,
  codesWhile,
  dropping,
  foundNothing,
  lossesCounted,
  resynced,
  NONE,
  withConf,
} from './findings-support.js';
import { must } from './run.js';
import { document, linksRunning, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

describe('what is found on live links of which the configuration names one by an altname', function () {
  this.timeout(60_000);
  const pair = pairFor({ links: 2, keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const link = (...args: string[]): Promise<string> => must(['ip', '-n', pair().namespaces.r1, 'link', ...args]);
  const byAltname: [RegExp, string][] = [[/Interface eth0$/m, 'Interface sync0']];

  before(async () => {
    await link('property', 'add', 'dev', 'eth0', 'altname', 'sync0');
    await linksRunning(pair());
    await resynced(pair());
  });

  it('is nothing while both run, and the status shows both names', () =>
    withConf(r1(), byAltname, async () => {
      await foundNothing(r1());
      const { status } = await document<SyncStatusDocument>(r1(), 'show conntrack-sync status');
      expect(status.sync_interfaces).to.deep.equal(['sync0', 'eth3']);
      expect(status.links?.map(({ device, role }) => `${device} ${role}`)).to.deep.equal([
        'eth0 ACTIVE',
        'eth3 BACKUP',
      ]);
      for (const each of status.links ?? [])
        expect(each).to.not.have.any.keys('configured_device', 'interface_missing');
      expect(await page(r1(), 'show conntrack-sync status')).to.not.include('the configuration now names');
    }));

  it('is the backup link where that is in use, by the name that the configuration has for the other one', () =>
    withConf(r1(), byAltname, async () => {
      await link('set', 'eth0', 'down');
      await pair().waitFor(async () => /device=eth3 .* role=ACTIVE/.test(await pair().r1.ask('-s', 'link')));
      expect(await codesOn(r1())).to.deep.equal(['CTS-203 warning eth0', 'CTS-204 warning eth3']);
      expect(await page(r1(), 'show conntrack-sync status --verbose')).to.include(
        'The synchronisation runs over the backup link eth3, not over sync0.',
      );
      await link('set', 'eth0', 'up');
      await linksRunning(pair());
    }));

  // The last one: without its interface no daemon can be started again.
  it('is the missing interface, by the name that the configuration has for it', async () => {
    const path = pair().r1.file('conntrackd.conf');
    await writeFile(path, (await readFile(path, 'utf8')).replace(...byAltname[0]!));
    await link('del', 'eth0');
    expect(await codesOn(r1())).to.include('CTS-206 critical sync0');
    const { statistics } = await document<SyncStatisticsDocument>(r1(), 'show conntrack-sync statistics link');
    expect(statistics.link?.links[0]).to.include({ device: 'sync0', interface_missing: true });
  });
});

describe('what is found on live links', function () {
  this.timeout(60_000);
  const pair = pairFor({ links: 2, keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const r2 = (): Place => ({ lab: pair(), router: 'r2' });
  const link = (...args: string[]): Promise<string> => must(['ip', '-n', pair().namespaces.r1, 'link', ...args]);

  before(async () => {
    await linksRunning(pair());
    await resynced(pair());
  });

  it('is nothing while both run', async () => {
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: NONE, r2: NONE });
  });

  it('is that the peer is silent where a filter stops its packets', async () => {
    const found = await dropping(r2(), 'input', 'udp dport { 3780, 3781 }', () => codesOnBoth(pair()));
    expect(found).to.deep.equal({ r1: NONE, r2: ['CTS-201 critical'] });
    await foundNothing(r2());
  });

  it('is that the peer does not get what is sent, where there is something to send', async () => {
    const found = await dropping(r2(), 'input', 'udp dport { 3780, 3781 }', async () => {
      await addNewFlows(r1(), 700);
      return codesWhile(r1(), () => addNewFlows(r1(), 200));
    });
    expect(found).to.deep.equal(['CTS-202 critical']);
    await pair().waitFor(async () => (await pair().r1.ask('-s', 'rsqueue')).split('\n').length < 300);
    await foundNothing(r1());
  });

  it('is a link that is down, and the backup link in its place, at both ends', async () => {
    await link('set', 'eth0', 'down');
    await lossesCounted(pair());
    const wanted = ['CTS-203 warning eth0', 'CTS-204 warning eth3'];
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: wanted, r2: wanted });
  });

  it('is the backup link alone once the other one is mended: conntrackd does not go back', async () => {
    await link('set', 'eth0', 'up');
    await linksRunning(pair());
    await lossesCounted(pair());
    const wanted = ['CTS-204 warning eth3'];
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: wanted, r2: wanted });
  });

  it('stays the backup link where one node is restarted: it follows the other one', async () => {
    await pair().r2.conntrackd.stop();
    await pair().r2.startDaemon();
    await linksRunning(pair());
    await resynced(pair());
    await lossesCounted(pair());
    const wanted = ['CTS-204 warning eth3'];
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: wanted, r2: wanted });
  });

  it('is that every link is down, and that nothing can be sent where they are switched off', async () => {
    await link('set', 'eth0', 'down');
    await link('set', 'eth3', 'down');
    const found = await codesOnBoth(pair());
    expect(found.r1.filter((code) => !code.startsWith('CTS-303'))).to.deep.equal(['CTS-205 critical']);
    expect(found.r2).to.deep.equal(['CTS-205 critical']);
    await link('set', 'eth0', 'up');
    await link('set', 'eth3', 'up');
    await linksRunning(pair());
    await lossesCounted(pair());
  });

  it('is an interface that is not there any more', async () => {
    await link('del', 'eth3');
    await lossesCounted(pair());
    expect(await codesOn(r1())).to.deep.equal(['CTS-206 critical eth3']);
  });

  it('is the silence of a peer that is dead', async () => {
    await pair().r2.conntrackd.kill();
    expect(await codesOn(r1())).to.deep.equal(['CTS-201 critical', 'CTS-206 critical eth3']);
  });
});

describe('what is found on a live TCP link', function () {
  this.timeout(60_000);
  const pair = pairFor({ transport: 'tcp', keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });

  before(async () => {
    await linksRunning(pair());
    await resynced(pair());
  });

  it('is nothing while it is connected', async () => {
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: NONE, r2: NONE });
  });

  it('is that the peer is not connected once it has ended', async () => {
    await pair().r2.conntrackd.stop();
    expect(await codesOn(r1())).to.deep.equal(['CTS-201 critical', 'CTS-207 critical', 'CTS-303 warning eth0']);
  });
});
