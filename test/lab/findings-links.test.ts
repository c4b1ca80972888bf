import { expect } from 'chai';
import {
  addNewFlows,
  codesOn,
  codesOnBoth,
  codesWhile,
  dropping,
  foundNothing,
  resynced,
  NONE,
} from './findings-support.js';
import { must } from './run.js';
import { linksRunning, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

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
    const wanted = ['CTS-203 warning eth0', 'CTS-204 warning eth3'];
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: wanted, r2: wanted });
  });

  it('is the backup link alone once the other one is mended: conntrackd does not go back', async () => {
    await link('set', 'eth0', 'up');
    await linksRunning(pair());
    const wanted = ['CTS-204 warning eth3'];
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: wanted, r2: wanted });
  });

  it('stays the backup link where one node is restarted: it follows the other one', async () => {
    await pair().r2.conntrackd.stop();
    await pair().r2.startDaemon();
    await linksRunning(pair());
    await resynced(pair());
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
  });

  it('is an interface that is not there any more', async () => {
    await link('del', 'eth3');
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
