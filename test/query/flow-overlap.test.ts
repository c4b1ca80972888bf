import { expect } from 'chai';
import fc from 'fast-check';
import { FlowOverlap } from '../../src/query/flow-overlap.js';
import { flowsIn } from '../support/flow-source.js';

interface Sent {
  src: number;
  id: number;
  zone: number | undefined;
  protocol: 'udp' | 'tcp';
}

const sent: fc.Arbitrary<Sent> = fc.record({
  src: fc.nat(5),
  id: fc.nat(1000),
  zone: fc.constantFrom(undefined, 7),
  protocol: fc.constantFrom('udp', 'tcp'),
});

function line({ src, id, zone, protocol }: Sent): string {
  const [number, state] = protocol === 'udp' ? [17, ''] : [6, 'ESTABLISHED '];
  const zoned = zone === undefined ? '' : ` zone=${zone}`;
  return `ipv4     2 ${protocol}      ${number} ${id} ${state}src=10.0.0.${src} dst=10.9.0.1 sport=5 dport=53 src=10.9.0.1 dst=10.0.0.${src} sport=53 dport=5 mark=0${zoned} use=1 id=${id}`;
}

/** What makes a flow the same one, whatever its id, its timeout and its state. */
function keysOf(flows: readonly Sent[]): Set<string> {
  return new Set(flows.map(({ src, zone, protocol }) => `${src} ${zone} ${protocol}`));
}

function overlapOf(first: readonly Sent[], second: readonly Sent[], expected = 0): FlowOverlap {
  const overlap = new FlowOverlap({ first: expected, second: expected });
  for (const row of flowsIn(...first.map(line))) overlap.addFirst(row);
  for (const row of flowsIn(...second.map(line))) overlap.addSecond(row);
  return overlap;
}

describe('query/flow-overlap', () => {
  it('counts what two tables have in common, each flow once', () => {
    fc.assert(
      fc.property(fc.array(sent), fc.array(sent), (first, second) => {
        const overlap = overlapOf(first, second);
        const [a, b] = [keysOf(first), keysOf(second)];
        expect(overlap.sizes).to.deep.equal({ first: a.size, second: b.size });
        expect(overlap.both).to.equal([...a].filter((key) => b.has(key)).length);
      }),
      { numRuns: 300 },
    );
  });

  it('needs no right guess of how many there are', () => {
    const many = Array.from({ length: 40_000 }, (_, i) => i);
    const text = (i: number): string =>
      `ipv4     2 udp      17 9 src=10.${i >> 16}.${(i >> 8) & 255}.${i & 255} dst=10.9.0.1 sport=5 dport=53 src=10.9.0.1 dst=10.0.0.1 sport=53 dport=5 mark=0 use=1 id=1`;
    const overlap = new FlowOverlap({ first: 0, second: 0 });
    for (const row of flowsIn(...many.map(text))) overlap.addFirst(row);
    for (const row of flowsIn(...many.map((i) => text(i + 10_000)))) overlap.addSecond(row);
    expect(overlap.sizes).to.deep.equal({ first: 40_000, second: 40_000 });
    expect(overlap.both).to.equal(30_000);
  });
});
