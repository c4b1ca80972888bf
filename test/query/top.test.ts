import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { flowOf } from '../../src/model/flow-row.js';
import type { FlowTop, TopMetric } from '../../src/model/flow-top.js';
import { GROUP_KEYS } from '../../src/query/group-fields.js';
import { groupingOf } from '../../src/query/grouping.js';
import { largestGroups } from '../../src/query/largest-groups.js';
import { TopGroups } from '../../src/query/top-groups.js';
import { weighOnce } from '../../src/query/weighing.js';
import { flowsIn } from '../support/flow-source.js';
import { groupsOf } from '../support/top-oracle.js';

const LINES = [
  'ipv4     2 tcp      6 300 ESTABLISHED src=10.1.0.1 dst=10.9.0.1 sport=1000 dport=443 packets=3 bytes=300 src=10.9.0.1 dst=192.0.2.1 sport=443 dport=1000 packets=2 bytes=200 [ASSURED] mark=7 zone=5 delta-time=10 helper=ftp use=1 id=1',
  'ipv4     2 tcp      6 100 SYN_SENT src=10.1.0.2 dst=10.9.0.1 sport=1001 dport=443 packets=1 bytes=60 [UNREPLIED] src=10.9.0.1 dst=10.1.0.2 sport=443 dport=1001 packets=0 bytes=0 mark=0 delta-time=70 use=1 id=2',
  'ipv4     2 tcp      6 100 SYN_SENT src=10.1.1.2 dst=192.0.2.9 sport=1002 dport=8080 zone-orig=3 [UNREPLIED] src=10.9.0.7 dst=10.1.1.2 sport=80 dport=1002 mark=0 use=1 id=3',
  'ipv4     2 icmp     1 29 src=10.1.0.1 dst=10.9.0.1 type=8 code=0 id=5 packets=1 bytes=84 src=10.9.0.1 dst=10.1.0.1 type=0 code=0 id=5 packets=1 bytes=84 mark=4294967295 delta-time=59 use=1 id=4',
  'ipv6     10 udp      17 29 src=2001:db8::1 dst=2001:db8:0:1::5 sport=53 dport=53 packets=1 bytes=18446744073709551615 src=2001:db8:0:1::5 dst=2001:db8::1 sport=53 dport=53 packets=1 bytes=18446744073709551615 [OFFLOAD] mark=0 use=1 id=5',
  'ipv6     10 udp      17 29 src=::ffff:10.1.0.1 dst=::1.2.3.4 sport=53 dport=53 packets=1 bytes=9007199254740993 src=::1.2.3.4 dst=::ffff:10.1.0.1 sport=53 dport=53 packets=1 bytes=1 [ASSURED] [HW_OFFLOAD] mark=0 zone-reply=9 use=1 id=6',
  'ipv4     2 unknown  254 599 src=0.0.0.0 dst=255.255.255.255 packets=1 bytes=2 [UNREPLIED] src=255.255.255.255 dst=0.0.0.0 packets=0 bytes=0 mark=0 use=1 id=7',
];

function top(
  by: string,
  { metric = 'flows', limit = 100, most }: { metric?: TopMetric; limit?: number; most?: number } = {},
  lines = LINES,
): FlowTop {
  const groups = new TopGroups(groupingOf(by), weighOnce(metric, 60), most);
  for (const row of flowsIn(...lines)) groups.add(row);
  return largestGroups(groups, { metric, limit });
}

describe('groups of flows', () => {
  const flows = flowsIn(...LINES).map(flowOf);

  for (const key of [
    ...GROUP_KEYS,
    'src/24',
    'dst/8',
    'src/48',
    'nat-address/16',
    'reply-src/0',
    'src/128',
    'src/32',
  ]) {
    it(`by ${key}: each with its flows, and no other`, () => {
      const wanted = groupsOf(flows, [key]).map(({ fields, flows, unreplied }) => ({ ...fields, flows, unreplied }));
      const found = top(key).groups.map(({ share: _, ...group }) => group);
      expect(found).to.have.deep.members(wanted);
      expect(top(key).other).to.equal(undefined);
    });
  }

  it('by several keys are those of their combinations', () => {
    expect(
      top('protocol,dport').groups.map(({ protocol, dport, flows }) => [protocol?.name, dport, flows]),
    ).to.deep.equal([
      ['tcp', 443, 2],
      ['udp', 53, 2],
      ['icmp', undefined, 1],
      ['tcp', 8080, 1],
      ['unknown', undefined, 1],
    ]);
  });

  it('by a network of both families', () => {
    const networks = top('src/16/32').groups.map(({ src }) => src);
    expect(networks).to.have.members(['10.1.0.0/16', '0.0.0.0/16', '2001:db8::/32', '::/32']);
  });

  it('of the same size come by their key, numbers and addresses by their value', () => {
    expect(top('sport').groups.map(({ sport }) => sport)).to.deep.equal([undefined, 53, 1000, 1001, 1002]);
    const sources = ['10.0.0.10', '10.0.0.9', '9.0.0.1'].map((src) => LINES[1]!.replaceAll('10.1.0.2', src));
    expect(top('src', {}, sources).groups.map(({ src }) => src)).to.deep.equal(['9.0.0.1', '10.0.0.9', '10.0.0.10']);
  });

  it('are cut at the limit; what is left and what is shown add up to the total', () => {
    for (const metric of ['flows', 'bytes', 'packets', 'new'] as const) {
      for (const limit of [0, 1, 2, 3, 6]) {
        const { groups, other, total } = top('src', { metric, limit });
        const add = (name: 'flows' | 'unreplied' | 'bytes' | 'packets' | 'new'): bigint =>
          [...groups, ...(other ? [other] : [])].reduce((sum, counts) => sum + BigInt(counts[name] ?? 0), 0n);
        for (const name of ['flows', 'unreplied', metric] as const) expect(add(name)).to.equal(BigInt(total[name]!));
        expect(groups.length).to.be.at.most(limit);
        expect(groups.length + (other?.groups ?? 0)).to.equal(6);
      }
    }
  });

  it('have exact sums beyond 64 bits, of both directions', () => {
    const { groups, total } = top('src', { metric: 'bytes' });
    expect(groups.map(({ src, bytes }) => [src, bytes])).to.deep.equal([
      ['2001:db8::1', 36893488147419103230n],
      ['::ffff:10.1.0.1', 9007199254740994n],
      ['10.1.0.1', 668],
      ['10.1.0.2', 60],
      ['0.0.0.0', 2],
    ]);
    expect(total.bytes).to.equal(36893488147419103230n + 9007199254740994n + 730n);
  });

  it('say how many flows lack counters or a timestamp; those weigh nothing', () => {
    expect(top('src', { metric: 'bytes' })).to.include({ uncounted: 1 });
    expect(top('src', { metric: 'bytes' }).other).to.deep.equal({
      groups: 1,
      flows: 1,
      unreplied: 1,
      bytes: 0,
      share: 0,
    });
    expect(top('src', { metric: 'new' })).to.include({ uncounted: 4 });
    expect(top('src', { metric: 'new' }).groups.map(({ src, new: count }) => [src, count])).to.deep.equal([
      ['10.1.0.1', 2],
    ]);
    expect(top('src')).to.not.have.property('uncounted');
  });

  it('have shares of what is counted', () => {
    expect(top('dport').groups.map(({ share }) => share)).to.deep.equal([0.285714, 0.285714, 0.285714, 0.142857]);
    expect(top('src', { metric: 'packets', limit: 1 }).groups[0]!.share).to.equal(0.538462);
  });

  it('of nothing are none, and no part of it', () => {
    expect(top('src', {}, [])).to.deep.equal({
      by: ['src'],
      metric: 'flows',
      groups: [],
      total: { flows: 0, unreplied: 0 },
      exact: true,
    });
  });

  it('beyond what is counted one by one say so, and by how much they may be wrong', () => {
    const { groups, other, total, exact } = top('src', { most: 3, limit: 2 });
    expect(exact).to.equal(false);
    for (const group of groups) expect(group.error).to.be.at.least(0);
    expect(other).to.not.have.property('groups');
    expect(groups.reduce((sum, { flows }) => sum + flows, 0) + other!.flows).to.equal(total.flows);
  });

  it('share one group where what they are grouped by is too long to be any tool’s', () => {
    const long = 'x'.repeat(300);
    const lines = ['a', 'b'].map((end) => LINES[0]!.replace('helper=ftp', `helper=${long}${end}`));
    expect(top('helper', {}, lines).groups.map(({ helper, flows }) => [helper!.length, flows])).to.deep.equal([
      [255, 2],
    ]);
  });
});

describe('the keys of --by', () => {
  const WRONG: readonly (readonly [by: string, message: RegExp, next: RegExp])[] = [
    ['sorce', /does not know the key "sorce"/, /^Did you mean src\? The keys are src, dst, /],
    ['', /does not know the key ""/, /The keys are/],
    ['src,', /does not know the key ""/, /The keys are/],
    ['src/24,src', /names src twice/, /once/],
    ['nat_address,nat-address', /names nat-address twice/, /once/],
    ['dport/8', /only addresses have a prefix/, /^Write --by dport\.$/],
    ['src/', /no prefix length/, /src\/24/],
    ['src/129', /no prefix length/, /src\/24/],
    ['src/64/24', /no prefix length/, /src\/24/],
    ['src/1/2/3', /no prefix length/, /src\/24/],
    ['src/-1', /no prefix length/, /src\/24/],
    ['constructor', /does not know/, /The keys are/],
  ];
  for (const [by, message, next] of WRONG) {
    it(`${JSON.stringify(by)} is a mistake`, () => {
      const error = mistakeOf(by);
      expect(error).to.include({ code: 'USAGE' });
      expect(error.message).to.match(message);
      expect(error.next).to.match(next);
    });
  }

  it('may be written with spaces, capitals and underscores', () => {
    expect(groupingOf(' SRC , nat_address').names).to.deep.equal(['src', 'nat_address']);
  });
});

function mistakeOf(by: string): Failure {
  try {
    groupingOf(by);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error(`${by} is no mistake`);
}
