import { expect } from 'chai';
import type { Finding } from '../../src/model/health.js';
import {
  addNewFlows,
  addTcpFlows,
  codesOn,
  codesWhile,
  endFlows,
  healthOn,
  NONE,
  resynced,
  withConf,
} from './findings-support.js';
import { CLIENT, LAN, WAN } from './plan.js';
import { must } from './run.js';
import { ask, linksRunning, pairFor, whileRepeating } from './views-support.js';
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
    const found = await asMaster(r1(), () =>
      withConf(r1(), [[/Protocol Accept \{[^}]*\}/, 'Protocol Accept {\nSCTP\n}']], async () => {
        await addNewFlows(r1(), 300);
        return codesOn(r1());
      }),
    );
    expect(found).to.deep.equal(['CTS-402 critical']);
    expect(await codesOn(r1())).to.deep.equal(NONE);
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

  it('is an internal cache that lacks what the kernel has, until it reads the kernel anew', async () => {
    await asMaster(r1(), async () => {
      await addNewFlows(r1(), 500);
      expect(await codesOn(r1())).to.deep.equal(NONE);
      await pair().r1.ask('-f', 'internal');
      await pair().r2.ask('-f', 'external');
      const { findings } = await healthOn(r1());
      expect(findings.map(({ code, severity }) => `${code} ${severity}`)).to.deep.equal(['CTS-406 warning']);
      const [{ message, next, evidence }] = findings as [Finding];
      expect(message).to.match(/^The internal cache has \d{1,2} flows, and the kernel 5\d\d that it should hold: /);
      expect(evidence.map(({ from }) => from)).to.deep.equal(['conntrackd -i', 'conntrack -L']);
      // What the finding says next cures it, here and at the peer.
      expect(next).to.contain('conntrackd -R').and.to.contain('conntrackd -B');
      await pair().r1.ask('-R');
      await pair().r1.ask('-B');
      await pair().waitFor(async () => (await flowsIn(r2(), '-e')) >= 500, { what: 'the flows' });
      expect(await codesOn(r1())).to.deep.equal(NONE);
    });
  });

  it('is nothing of an internal cache that lacks flows where this node is no master, nor unasked', async () => {
    await addNewFlows(r1(), 500);
    await pair().r1.ask('-f', 'internal');
    expect(await codesOn(r1(), '--compare-cache')).to.deep.equal(NONE);
    await asMaster(r1(), async () => {
      expect(await notChecked(r1(), '--no-sample')).to.contain('--compare-cache');
      expect(await codesOn(r1(), '--no-sample --compare-cache')).to.deep.equal(['CTS-406 warning']);
      const check = await ask(r1(), 'check conntrack-sync --compare-cache');
      expect(check.code, check.stdout).to.equal(1);
      expect(check.stdout).to.match(/^CONNTRACK-SYNC WARNING - The internal cache has /);
      expect((await ask(r1(), 'check conntrack-sync')).code).to.equal(0);
    });
    await pair().r1.ask('-R');
  });

  // The change into a state that is not let in is kept from the cache, and so is the end of the flow.
  it('is an internal cache that keeps what has ended, where the filter lacks a state', async () => {
    const state = 'State Accept {\nESTABLISHED for TCP\n}\nProtocol Accept';
    await asMaster(r1(), () =>
      withConf(r1(), [[/Protocol Accept/, state]], async () => {
        await addTcpFlows(r1(), 300);
        expect(await codesOn(r1())).to.deep.equal(NONE);
        await pair().exec('r1', ['conntrack', '-U', '-p', 'tcp', '-s', CLIENT.ipv4, '--state', 'TIME_WAIT']);
        expect(await codesOn(r1()), 'in another state').to.deep.equal(NONE);
        await endFlows(r1());
        const { findings } = await healthOn(r1());
        expect(findings.map(({ code }) => code)).to.deep.equal(['CTS-406']);
        expect(findings[0]!.next).to.contain('-f internal, then -R; on the peer, conntrackd -f external, then -n');
        await pair().r1.ask('-f', 'internal');
        await pair().r1.ask('-R');
        expect(await codesOn(r1()), 'after the cure').to.deep.equal(NONE);
        // The end of a flow has not reached the peer either, and nothing else takes it from there.
        expect(await flowsIn(r2(), '-e')).to.be.greaterThan(0);
        await pair().r2.ask('-f', 'external');
        await pair().r2.ask('-n');
        await addTcpFlows(r1(), 1);
        await pair().waitFor(async () => (await flowsIn(r2(), '-e')) > 0, { what: 'a flow' });
        expect(await flowsIn(r2(), '-e')).to.be.lessThan(100);
      }),
    );
  });

  it('is nothing of a master under new flows that soon end', async () => {
    await asMaster(r1(), async () => {
      const shortLived = (): Promise<void> => addNewFlows(r1(), 500, { seconds: 2 });
      const found = await whileRepeating(shortLived, async () => {
        const all: string[] = [];
        for (let time = 0; time < 3; time += 1) all.push(...(await codesOn(r1(), '--no-sample --compare-cache')));
        return all;
      });
      expect(found).to.deep.equal(NONE);
    });
  });

  it('is not told where the filter in the kernel lets in other flows than a resync', async () => {
    await asMaster(r1(), () =>
      withConf(r1(), [[/From Userspace/, 'From Kernelspace']], async () => {
        expect(await notChecked(r1())).to.contain('Filter From Kernelspace');
        expect(await codesOn(r1(), '--compare-cache')).to.deep.equal(['CTS-406 unknown']);
      }),
    );
  });

  it('is an external cache that takes no more', async () => {
    const found = await withConf(r2(), [[/HashLimit \d+/, 'HashLimit 100']], () =>
      codesWhile(r2(), () => addNewFlows(r1(), 200)),
    );
    expect(found).to.deep.equal(['CTS-404 warning external']);
  });
});

/** Does the work while a router holds the virtual addresses. */
async function asMaster<T>({ lab, router }: Place, work: () => Promise<T>): Promise<T> {
  const addresses = [LAN, WAN].flatMap(({ device, ipv4, ipv6 }) => [
    [`${ipv4.virtual}/24`, 'dev', device],
    [`${ipv6.virtual}/64`, 'dev', device, 'nodad'],
  ]);
  const change = async (what: string): Promise<void> => {
    for (const address of addresses) await must(['ip', '-n', lab.namespaces[router], 'addr', what, ...address]);
  };
  await change('add');
  try {
    return await work();
  } finally {
    await change('del');
  }
}

/** How many flows a cache of a router has. */
async function flowsIn({ lab, router }: Place, cache: '-i' | '-e'): Promise<number> {
  return (await lab[router].ask(cache)).split('\n').length - 1;
}

/** Why the internal cache was not compared. */
async function notChecked(place: Place, flags = ''): Promise<string | undefined> {
  const { not_checked: rules } = await healthOn(place, flags);
  return rules.find(({ code }) => code === 'CTS-406')?.reason;
}
