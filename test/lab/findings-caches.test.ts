import { expect } from 'chai';
import { addNewFlows, codesOn, codesWhile, endFlows, NONE, resynced, withConf } from './findings-support.js';
import { LAN, WAN } from './plan.js';
import { must } from './run.js';
import { linksRunning, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

describe('what is found in live caches', function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const r2 = (): Place => ({ lab: pair(), router: 'r2' });

  before(async () => {
    await linksRunning(pair());
    await resynced(pair());
  });

  afterEach(() => endFlows(r1()));

  // Its counters "entry not found" exist, but conntrackd 1.4.7 leaves them at 0 (CTS-405).
  it('is nothing where flows end that a flushed cache does not have', async () => {
    const found = await codesWhile(r2(), async () => {
      await addNewFlows(r1(), 50);
      await pair().waitFor(async () => (await pair().r2.ask('-e')) !== '', { what: 'the flows' });
      await pair().r2.ask('-f', 'external');
      await endFlows(r1());
    });
    expect(found).to.deep.equal(NONE);
    const page = await pair().r2.ask('-s', 'cache');
    expect([...page.matchAll(/entry not found:\s+(\d+)/g)].map(([, times]) => times)).to.deep.equal(Array(4).fill('0'));
  });

  it('is that events of the kernel are lost where the buffer for them is small', async () => {
    const small: [RegExp, string][] = [
      [/NetlinkBufferSize \d+/, 'NetlinkBufferSize 4096'],
      [/NetlinkBufferSizeMaxGrowth \d+/, 'NetlinkBufferSizeMaxGrowth 4096'],
    ];
    const found = await withConf(r1(), small, () => codesWhile(r1(), () => addNewFlows(r1(), 5000)));
    expect(found).to.deep.equal(['CTS-401 warning']);
  });

  it('is a filter that lets nothing of a master through', async () => {
    const addresses = [LAN, WAN].flatMap(({ device, ipv4, ipv6 }) => [
      [`${ipv4.virtual}/24`, 'dev', device],
      [`${ipv6.virtual}/64`, 'dev', device, 'nodad'],
    ]);
    const change = async (what: string): Promise<void> => {
      for (const address of addresses) await must(['ip', '-n', pair().namespaces.r1, 'addr', what, ...address]);
    };
    await change('add');
    const found = await withConf(r1(), [[/Protocol Accept \{[^}]*\}/, 'Protocol Accept {\nSCTP\n}']], async () => {
      await addNewFlows(r1(), 300);
      return codesOn(r1());
    });
    expect(found).to.deep.equal(['CTS-402 critical']);
    expect(await codesOn(r1())).to.deep.equal(NONE);
    await change('del');
  });

  it('is an internal cache that is full', async () => {
    const found = await withConf(r1(), [[/HashLimit \d+/, 'HashLimit 100']], async () => {
      await addNewFlows(r1(), 300);
      return codesOn(r1());
    });
    expect(found).to.deep.equal(['CTS-403 critical']);
    await endFlows(r1());
    expect(await codesOn(r1())).to.deep.equal(NONE);
  });

  it('is an external cache that takes no more', async () => {
    const found = await withConf(r2(), [[/HashLimit \d+/, 'HashLimit 100']], () =>
      codesWhile(r2(), () => addNewFlows(r1(), 200)),
    );
    expect(found).to.deep.equal(['CTS-404 warning external']);
  });
});
