import { expect } from 'chai';
import { FlowCensus } from '../../src/query/flow-census.js';
import { flowsIn } from '../support/flow-source.js';

const TUPLE = 'src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2';
const TUPLE6 = 'src=fd00::1 dst=fd00::2 sport=1 dport=2';

function censusOf(...lines: string[]): FlowCensus {
  const census = new FlowCensus();
  for (const row of flowsIn(...lines)) census.add(row);
  return census;
}

describe('query/flow-census', () => {
  it('counts flows by family, protocol and state, and by flag', () => {
    const census = censusOf(
      `ipv4     2 tcp      6 9 ESTABLISHED ${TUPLE} ${TUPLE} [ASSURED] mark=0 use=1 id=1`,
      `ipv4     2 tcp      6 9 ESTABLISHED ${TUPLE} ${TUPLE} [ASSURED] mark=0 use=1 id=2`,
      `ipv4     2 tcp      6 9 SYN_SENT ${TUPLE} [UNREPLIED] ${TUPLE} mark=0 use=1 id=3`,
      `ipv4     2 udp      17 9 ${TUPLE} [UNREPLIED] ${TUPLE} mark=0 use=1 id=4`,
      `ipv6     10 udp      17 9 ${TUPLE6} ${TUPLE6} mark=0 use=1 id=5`,
    );
    expect(census.all).to.deep.equal([
      { family: 'ipv4', protocol: 'tcp', state: 'ESTABLISHED', flows: 2 },
      { family: 'ipv4', protocol: 'tcp', state: 'SYN_SENT', flows: 1 },
      { family: 'ipv4', protocol: 'udp', flows: 1 },
      { family: 'ipv6', protocol: 'udp', flows: 1 },
    ]);
    expect(census.flags).to.deep.equal([
      ['unreplied', 2],
      ['assured', 2],
      ['offload', 0],
      ['hw_offload', 0],
    ]);
  });

  it('has names for protocols by their numbers, and one for all that have none', () => {
    const census = censusOf(
      'ipv4     2 unknown  47 9 src=10.0.0.1 dst=10.0.0.2 src=10.0.0.2 dst=10.0.0.1 mark=0 use=1 id=1',
      'ipv4     2 bogus    89 9 src=10.0.0.1 dst=10.0.0.2 src=10.0.0.2 dst=10.0.0.1 mark=0 use=1 id=1',
      'ipv4     2 unknown  200 9 src=10.0.0.1 dst=10.0.0.2 src=10.0.0.2 dst=10.0.0.1 mark=0 use=1 id=1',
      'ipv4     2 unknown  201 9 src=10.0.0.1 dst=10.0.0.2 src=10.0.0.2 dst=10.0.0.1 mark=0 use=1 id=1',
    );
    expect(census.all.map(({ protocol, flows }) => [protocol, flows])).to.deep.equal([
      ['gre', 1],
      ['ospf', 1],
      ['unknown', 2],
    ]);
  });

  it('has never more kinds than the kernel can have, however many states a capture makes up', () => {
    const states = Array.from(
      { length: 200 },
      (_, i) => `MADEUP${String.fromCharCode(65 + (i % 26))}${'X'.repeat(i / 26)}`,
    );
    const census = censusOf(
      ...states.map((state) => `ipv4     2 tcp      6 9 ${state} ${TUPLE} ${TUPLE} mark=0 use=1 id=1`),
      `ipv4     2 udp      17 9 ESTABLISHED ${TUPLE} ${TUPLE} mark=0 use=1 id=1`,
    );
    expect(census.all).to.deep.equal([
      { family: 'ipv4', protocol: 'tcp', state: 'other', flows: 200 },
      { family: 'ipv4', protocol: 'udp', state: 'other', flows: 1 },
    ]);
  });
});
