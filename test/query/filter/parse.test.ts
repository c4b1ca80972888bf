import { expect } from 'chai';
import { PROTOCOL_NUMBERS } from '../../../src/model/protocol.js';
import { asksForLabels, type Filter } from '../../../src/query/filter/ast.js';
import { parseFilter } from '../../../src/query/filter/parse.js';
import { print } from '../../../src/query/filter/print.js';

/** What an operator may write, and the same in the language's own spelling. */
const SPELLINGS: Readonly<Record<string, string>> = {
  tcp: 'tcp',
  'TCP AND NOT Assured': 'tcp and not assured',
  'tcp,udp': 'tcp,udp',
  'proto 89': 'ospf',
  'proto 89,tcp': 'ospf,tcp',
  'proto 200': 'proto 200',
  'proto ipv4': 'proto ipv4',
  icmp6: 'icmpv6',
  'ipv6-icmp': 'icmpv6',
  ip: 'ip',
  ipv4: 'ip',
  ip6: 'ip6',
  ipv6: 'ip6',
  'host 10.0.0.1': 'host 10.0.0.1',
  'host 10.0.0.1, 2001:db8::1': 'host 10.0.0.1,2001:db8::1',
  'net 10.1.2.3/8': 'net 10.0.0.0/8',
  'net 10.1.2.3': 'host 10.1.2.3',
  'net 10.0.0.1/31': 'net 10.0.0.0/31',
  'net 0.0.0.0/0': 'net 0.0.0.0/0',
  'net 2001:DB8:0:0::5/33': 'net 2001:db8::/33',
  'host 2001:0db8::0:1': 'host 2001:db8::1',
  'host ::FFFF:10.0.0.1': 'host ::ffff:10.0.0.1',
  'host ::ffff:a00:1': 'host ::ffff:10.0.0.1',
  'host ::10.0.0.1': 'host ::a00:1',
  '10.0.0.1': 'host 10.0.0.1',
  'src 10.0.0.1': 'src host 10.0.0.1',
  'dst 10.0.0.0/8': 'dst net 10.0.0.0/8',
  'src fd00::1': 'src host fd00::1',
  'orig host 10.0.0.1': 'orig host 10.0.0.1',
  'original src host 10.0.0.1': 'src host 10.0.0.1',
  'reply src net 10.0.0.0/8': 'reply src net 10.0.0.0/8',
  'reply 10.0.0.1': 'reply host 10.0.0.1',
  'port 80': 'port 80',
  'port 22,80': 'port 22,80',
  'port 22,8000-8100': 'portrange 22,8000-8100',
  'dst portrange 8000-8100': 'dst portrange 8000-8100',
  'reply dst port 1': 'reply dst port 1',
  'tcp port 80': 'tcp and port 80',
  'tcp dst port 80': 'tcp and dst port 80',
  'ip6 src net fd00::/8': 'ip6 and src net fd00::/8',
  'not tcp port 80': 'not (tcp and port 80)',
  'state established': 'state established',
  'state ESTABLISHED,syn-sent,time_wait,TimeWait': 'state established,syn_sent,time_wait,time_wait',
  'state ES,TW,ss': 'state established,time_wait,syn_sent',
  'state syn-received': 'state syn_recv',
  'mark 0x10': 'mark 16',
  'mark 0': 'mark 0',
  'mark 0x10/0xf0,3': 'mark 0x10/0xf0,3',
  'zone 5': 'zone 5',
  'orig zone 5,0': 'orig zone 5,0',
  'label web': 'label web',
  'label "web traffic", ssh': 'label "web traffic",ssh',
  "label 'web traffic'": 'label "web traffic"',
  'label "a\\"b"': 'label "a\\"b"',
  'helper ftp,q.931,sip-5060': 'helper ftp,q.931,sip-5060',
  nat: 'nat',
  'snat or dnat': 'snat or dnat',
  'natted-to 203.0.113.9': 'natted-to 203.0.113.9',
  'natted-to 203.0.113.9:40112,[2001:db8::1]:80': 'natted-to 203.0.113.9:40112,[2001:db8::1]:80',
  'natted-to 203.0.113.0/24': 'natted-to 203.0.113.0/24',
  'natted-to [fd00::/8]:80': 'natted-to [fd00::/8]:80',
  'assured and unreplied and offload': 'assured and unreplied and offload',
  'bytes gt 10M': 'bytes gt 10M',
  'bytes>10M': 'bytes gt 10M',
  'bytes >= 10MB': 'bytes ge 10M',
  'bytes < 64Ki': 'bytes lt 65536',
  'bytes <= 1.5g': 'bytes le 1500M',
  'orig bytes = 18446744073709551615': 'orig bytes eq 18446744073709551615',
  'reply packets == 0': 'reply packets eq 0',
  'packets != 1k': 'packets ne 1k',
  'timeout le 90': 'timeout le 90',
  'age ge 1h30m': 'age ge 90m',
  'age gt 2w': 'age gt 14d',
  'id 5,3727425118': 'id 5,3727425118',
  '!tcp&&!udp': 'not tcp and not udp',
  'tcp||udp': 'tcp or udp',
  'not(tcp or udp)': 'not (tcp or udp)',
  'not not tcp': 'not not tcp',
  '(tcp)and(port 80 or port 443)': 'tcp and (port 80 or port 443)',
  'tcp and (port 80 and assured)': 'tcp and port 80 and assured',
  'tcp and port 80 or udp': '(tcp and port 80) or udp',
  'tcp or (udp and port 53)': 'tcp or (udp and port 53)',
  ' \t tcp \n': 'tcp',
  'tcp and src net 10.0.0.0/8 and (dst port 22,80 or dst portrange 8000-8100) and not state established and bytes gt 10M and age gt 1h':
    'tcp and src net 10.0.0.0/8 and (dst port 22,80 or dst portrange 8000-8100) and not state established and bytes gt 10M and age gt 1h',
};

describe('query/filter/parse', () => {
  for (const [text, spelling] of Object.entries(SPELLINGS)) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(print(parseFilter(text))).to.equal(spelling);
    });
  }

  it('makes one condition of a list, and joins conditions', () => {
    const filter: Filter = {
      kind: 'and',
      filters: [
        { kind: 'protocol', numbers: [6] },
        {
          kind: 'port',
          side: 'dst',
          ranges: [
            { first: 22, last: 22 },
            { first: 80, last: 81 },
          ],
        },
        { kind: 'not', filter: { kind: 'state', states: ['TIME_WAIT'] } },
        { kind: 'compare', quantity: 'bytes', direction: 'any', operator: 'gt', value: 10_000_000n },
      ],
    };
    expect(parseFilter('tcp dst port 22,80-81 and not state timewait and bytes > 10M')).to.deep.equal(filter);
  });

  it('knows every protocol that the table names', () => {
    for (const [name, number] of PROTOCOL_NUMBERS) {
      // These two alone are families.
      const text = name === 'ipv4' || name === 'ipv6' ? `proto ${name}` : name;
      expect(parseFilter(text), name).to.deep.equal({ kind: 'protocol', numbers: [number] });
    }
  });

  it('knows whether labels are asked for', () => {
    for (const text of ['label web', 'tcp and not label web', 'tcp or (udp and label web)']) {
      expect(asksForLabels(parseFilter(text)), text).to.equal(true);
    }
    for (const text of ['tcp', 'not tcp', 'tcp and helper ftp']) {
      expect(asksForLabels(parseFilter(text)), text).to.equal(false);
    }
  });
});
