import { expect } from 'chai';
import fc from 'fast-check';
import type { EventFilter } from '../../src/model/conntrackd-conf.js';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import { type Admission, eventJudge } from '../../src/sync/event-filter.js';

const PROTOCOLS = new Map([
  ['icmp', 1],
  ['ICMP', 1],
  ['IPv6-ICMP', 58],
]);

const LINES = {
  tcp: 'ipv4     2 tcp      6 60 ESTABLISHED src=10.0.0.2 dst=20.0.0.2 sport=1002 dport=80 src=30.0.0.2 dst=40.0.0.2 sport=80 dport=1002 [ASSURED] mark=0 use=1',
  ending:
    'ipv4     2 tcp      6 60 TIME_WAIT src=10.0.0.3 dst=20.0.0.3 sport=1003 dport=80 src=20.0.0.3 dst=10.0.0.3 sport=80 dport=1003 [ASSURED] mark=0 use=1',
  offloaded:
    'ipv4     2 tcp      6 src=10.0.0.4 dst=20.0.0.4 sport=1004 dport=80 src=20.0.0.4 dst=10.0.0.4 sport=80 dport=1004 [OFFLOAD] mark=0 use=2',
  both: 'ipv4     2 tcp      6 60 SYN_SENT2 src=10.0.0.5 dst=20.0.0.5 sport=1005 dport=80 src=20.0.0.5 dst=10.0.0.5 sport=80 dport=1005 mark=0 use=1',
  udp: 'ipv4     2 udp      17 60 src=10.0.0.6 dst=20.0.0.6 sport=1006 dport=53 [UNREPLIED] src=20.0.0.6 dst=10.0.0.6 sport=53 dport=1006 mark=0 use=1',
  icmp6:
    'ipv6     10 icmpv6   58 60 src=fd00::7 dst=fd01::7 type=128 code=0 id=7 src=fd01::7 dst=fd00::7 type=129 code=0 id=7 mark=0 use=1',
} as const;

type Name = keyof typeof LINES;

/** What the filter does with each of the flows, by the first letter: y, m, n. */
function judged(filter: EventFilter | undefined): string {
  return (Object.keys(LINES) as Name[]).map((name) => judgedLine(LINES[name], filter)[0]).join('');
}

function judgedLine(line: string, filter: EventFilter | undefined): Admission {
  const [row] = new FlowDumpParser(undefined, { upToCounters: true }).push(Buffer.from(`${line}\n`));
  return eventJudge(filter, PROTOCOLS)(row!);
}

function addresses(policy: 'accept' | 'ignore', ...texts: string[]): EventFilter {
  return {
    addresses: {
      policy,
      addresses: texts.map((text) => {
        const [address = '', prefix] = text.split('/');
        return {
          family: address.includes(':') ? 'ipv6' : 'ipv4',
          address,
          ...(prefix === undefined ? {} : { prefix_length: Number(prefix) }),
        };
      }),
    },
  };
}

describe("what conntrackd's filter lets in", () => {
  const cases: [string, EventFilter | undefined, string][] = [
    ['everything without a filter', undefined, 'yyyyyy'],
    ['everything where no part is written', { from: 'userspace' }, 'yyyyyy'],
    ['the protocols named', { protocols: { policy: 'accept', names: ['UDP', 'IPv6-ICMP'] } }, 'nnnnyy'],
    ['the others', { protocols: { policy: 'ignore', names: ['TCP'] } }, 'nnnnyy'],
    [
      'nothing of a protocol that is not known',
      { protocols: { policy: 'accept', names: ['Tcp', 'icmpv6'] } },
      'nnnnnn',
    ],
    ['by the source', addresses('accept', '10.0.0.2'), 'ynnnnn'],
    ['by who answers', addresses('accept', '30.0.0.2', 'fd01::7'), 'ynnnny'],
    ['not by the destination', addresses('accept', '20.0.0.2', '40.0.0.2'), 'nnnnnn'],
    ['all but networks', addresses('ignore', '10.0.0.2/31', 'fd00::/15'), 'nnyyyn'],
    ['bits behind the prefix aside', addresses('accept', '10.0.0.7/30'), 'nnyyyn'],
    ['one family as a whole', addresses('accept', '0.0.0.0/0'), 'yyyyyn'],
    ['the other one', addresses('ignore', '0.0.0.0/0'), 'nnnnny'],
    ['no address at all', addresses('accept'), 'nnnnnn'],
    ['states of TCP', { states: { policy: 'accept', names: ['ESTABLISHED'] } }, 'ymmmyy'],
    ['other states', { states: { policy: 'ignore', names: ['ESTABLISHED', 'LISTEN'] } }, 'mymmyy'],
    ['what conntrack calls otherwise', { states: { policy: 'accept', names: ['LISTEN'] } }, 'mmmyyy'],
    [
      'what every part lets in',
      {
        ...addresses('ignore', '10.0.0.3'),
        protocols: { policy: 'accept', names: ['TCP'] },
        states: { policy: 'ignore', names: ['SYN_SENT'] },
      },
      'ynmynn',
    ],
  ];
  for (const [what, filter, expected] of cases)
    it(`is ${what}`, () => {
      expect(judged(filter)).to.equal(expected);
    });

  it('compares every spelling of an address', () => {
    const line = LINES.icmp6.replace('src=fd00::7 ', 'src=::ffff:10.0.0.1 ');
    for (const spelt of ['::ffff:a00:1', '0:0:0:0:0:FFFF:0a00:0001', '::ffff:10.0.0.1'])
      expect(judgedLine(line, addresses('accept', spelt))).to.equal('yes');
  });

  it('is the opposite under the other policy, for every network and flow', () => {
    const ipv4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }));
    const ipv6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }));
    fc.assert(
      fc.property(fc.oneof(ipv4, ipv6), fc.constantFrom(...Object.values(LINES)), ([address, prefix], line) => {
        const network = `${address}/${prefix}`;
        const one = judgedLine(line, addresses('accept', network));
        expect([one, judgedLine(line, addresses('ignore', network))].sort()).to.deep.equal(['no', 'yes']);
      }),
    );
  });
});
