import { expect } from 'chai';
import fc from 'fast-check';
import { parseProtocols } from '../../src/parsers/protocols.js';

const FILE = `# Internet (IP) protocols
ip	0	IP		# internet protocol, pseudo protocol number
icmp	1	ICMP		# internet control message protocol
ipv6-icmp 58	IPv6-ICMP	# ICMP for IPv6
ospf	89	OSPFIGP OSPF-V2	# Open Shortest Path First IGP
`;

describe('the names of protocols', () => {
  it('are those of the file with their aliases, as they are spelt', () => {
    expect([...parseProtocols(FILE)]).to.deep.equal([
      ['ip', 0],
      ['IP', 0],
      ['icmp', 1],
      ['ICMP', 1],
      ['ipv6-icmp', 58],
      ['IPv6-ICMP', 58],
      ['ospf', 89],
      ['OSPFIGP', 89],
      ['OSPF-V2', 89],
    ]);
  });

  it('are read from the first line of a name, and not from what is no such line', () => {
    const text = 'tcp 6 TCP\ntcp 7\nnumberless\nlarge 256\nnegative -1\nword six\n#udp 17\n\n  sctp 132\r\n';
    expect([...parseProtocols(text)]).to.deep.equal([
      ['tcp', 6],
      ['TCP', 6],
      ['sctp', 132],
    ]);
  });

  it('are never numbers that no protocol has, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const number of parseProtocols(text).values()) expect(number).to.be.within(0, 255);
      }),
    );
  });
});
