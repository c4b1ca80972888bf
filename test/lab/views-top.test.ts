import { expect } from 'chai';
import type { FlowTopDocument } from '../../src/model/documents.js';
import { CLIENT, SERVER, WAN } from './plan.js';
import { printedFlows } from './views-oracle.js';
import { addFlows, ask, document, pairFor, whileRepeating } from './views-support.js';
import type { Place } from './views-support.js';

/** Enough to stand out from what the pair says to itself. */
const ADDED = 500;

describe('groups of the flows of a live router', function () {
  this.timeout(90_000);
  const pair = pairFor();
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const top = (flags: string): Promise<FlowTopDocument> => document(r1(), `show conntrack top ${flags}`);

  before(async () => {
    await pair().traffic.mixed();
    await addFlows(r1(), ADDED);
  });

  it('have as many flows as conntrack -L prints of each source, of both families', async () => {
    const before = [...(await both()).values()];
    const { groups, complete, exact } = await top('--limit 1000');
    const after = [...(await both()).values()];
    expect({ complete, exact }).to.deep.equal({ complete: true, exact: true });
    const count = (flows: typeof before, src: string | undefined): number =>
      flows.filter(({ original }) => original.src === src).length;
    for (const { src, flows } of groups) {
      const bounds = [count(before, src), count(after, src)];
      expect(flows, src).to.be.within(Math.min(...bounds), Math.max(...bounds));
    }
    expect(groups.map(({ src }) => src)).to.include.members([CLIENT.ipv4, CLIENT.ipv6, CLIENT.snat]);
    expect(groups[0]!.flows).to.be.at.least(ADDED);
  });

  it('are the same whether conntrack or ctsync filters', async () => {
    const pushed = await top('--by dport --protocol udp --source 10.35.100.87');
    // A choice of sources is none that conntrack could make.
    const kept = await top('--by dport --protocol udp --source 10.35.100.87,10.35.100.250');
    expect(pushed.groups).to.deep.equal(kept.groups);
  });

  it('say behind which address a flow is', async () => {
    const { groups } = await top('--by nat-address --nat src');
    expect(groups.map(({ nat_address: address }) => address)).to.include.members([
      WAN.ipv4.virtual,
      WAN.ipv4.router('r1'),
    ]);
  });

  it('say who uses the line, between two readings', async () => {
    const [connection] = await pair().traffic.tcp();
    const talk = (): Promise<void> => connection!.talk(50_000);
    const { groups, interval } = await whileRepeating(talk, () => top('--by dst --metric bytes --interval 2'));
    expect(interval).to.include({ readings: 2 });
    expect(interval!.seconds).to.be.at.least(2);
    expect(groups[0]).to.include({ dst: SERVER.ipv4 });
    expect(groups[0]!.bytes).to.be.at.least(50_000);
    expect(groups[0]!.per_second).to.be.closeTo(Number(groups[0]!.bytes) / interval!.seconds, 1);
  });

  it('tell new flows from those of the first reading', async () => {
    const send = () => pair().traffic.udp({ count: 20, port: 123 });
    const { groups, total } = await whileRepeating(send, () => top('--by dport --metric new --interval 2'));
    expect(groups[0]).to.include({ dport: 123 });
    expect(groups[0]!.new).to.be.at.least(20);
    expect(total.flows).to.be.at.least(ADDED);
    expect(total.new).to.be.below(total.flows);
  });

  it('show gains and losses of flows', async () => {
    let port = 1024;
    const lose = () => pair().exec('r1', ['conntrack', '-D', '-p', 'udp', '--orig-port-src', String(port++)]);
    const { groups } = await whileRepeating(lose, () => top('--by dst --interval 2'));
    const lost = groups.find(({ dst }) => dst === '172.31.20.100')!;
    expect(lost.change).to.be.below(0);
    expect(lost.share).to.equal(0);
    expect(lost.per_second).to.be.below(0);
  });

  it('end with the sentence of a failure where the first of two readings has none', async () => {
    const { code, stderr } = await ask(r1(), 'show conntrack top --interval 1 --timeout 0.001');
    expect([1, 4]).to.include(code);
    expect(stderr).to.match(/\[TIMEOUT\]/);
  });

  async function both() {
    return new Map([...(await printedFlows(r1(), 'ipv4')), ...(await printedFlows(r1(), 'ipv6'))]);
  }
});
