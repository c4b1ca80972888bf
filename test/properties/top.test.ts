import { expect } from 'chai';
import fc from 'fast-check';
import { flowOf } from '../../src/model/flow-row.js';
import type { Flow } from '../../src/model/flow.js';
import { CounterSums } from '../../src/query/counter-sums.js';
import { GroupIndex } from '../../src/query/group-index.js';
import { groupingOf } from '../../src/query/grouping.js';
import { largestGroups } from '../../src/query/largest-groups.js';
import { TopGroups } from '../../src/query/top-groups.js';
import { weighOnce } from '../../src/query/weighing.js';
import { printFlow } from '../support/flow-line.js';
import { flowsIn } from '../support/flow-source.js';
import { groupsOf } from '../support/top-oracle.js';

const u64 = fc
  .oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.bigInt({ min: 0n, max: 1000n }))
  .map((n) => (n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n));
const KEYS = [
  'src',
  'dst',
  'sport',
  'dport',
  'protocol',
  'state',
  'zone',
  'mark',
  'nat-address',
  'family',
  'reply-src',
];
const MORE_KEYS = ['reply-dst', 'status', 'helper', 'src/9', 'dst/49', 'reply-src/0', 'nat-address/31'];

/** Few values for each field, so that flows meet in groups. */
const anyFlow: fc.Arbitrary<Flow> = fc.constantFrom('ipv4' as const, 'ipv6' as const).chain((family) => {
  const address =
    family === 'ipv4'
      ? fc.constantFrom('10.0.0.1', '10.0.0.2', '10.128.0.1', '255.255.255.255')
      : fc.constantFrom('2001:db8::1', '2001:db8:0:8000::', '::1', '::ffff:10.0.0.1', 'fe80::');
  const tuple = fc.record(
    {
      src: address,
      dst: address,
      sport: fc.constantFrom(1, 65535),
      dport: fc.constantFrom(0, 53),
      packets: u64,
      bytes: u64,
    },
    { requiredKeys: ['src', 'dst', 'sport', 'dport'] },
  );
  return fc.record(
    {
      family: fc.constant(family),
      protocol: fc.constantFrom(
        { name: 'tcp', number: 6 },
        { name: 'unknown', number: 254 },
        { name: 'esp', number: 50 },
      ),
      state: fc.constantFrom('ESTABLISHED', 'CLOSE', 'CLOSE_WAIT'),
      original: tuple,
      reply: tuple,
      status: fc.subarray(['unreplied', 'assured', 'offload'] as const),
      mark: fc.constantFrom(0, 1, 4294967295),
      zone: fc.constantFrom(0, 7),
      helper: fc.constantFrom('ftp', 'ftp-2121', 'büro'),
      delta_time: fc.constantFrom(0, 59, 60, 18446744073709551516n),
    },
    { requiredKeys: ['family', 'protocol', 'original', 'status', 'reply'] },
  );
});

describe('groups of any flows', () => {
  it('are those that one counts the plain way, by any keys and metric', () => {
    const by = fc.uniqueArray(fc.constantFrom(...KEYS, ...MORE_KEYS), {
      selector: (key) => key.split('/')[0],
      minLength: 1,
      maxLength: 4,
    });
    const metric = fc.constantFrom('flows' as const, 'bytes' as const, 'packets' as const, 'new' as const);
    fc.assert(
      fc.property(fc.array(anyFlow, { maxLength: 40 }), by, metric, fc.nat(8), (flows, keys, metric, limit) => {
        const rows = flowsIn(...flows.map((flow) => printFlow(flow, `${flow.family} `)));
        const groups = new TopGroups(groupingOf(keys.join(',')), weighOnce(metric, 60));
        for (const row of rows) groups.add(row);
        const top = largestGroups(groups, { metric, limit });
        const wanted = groupsOf(rows.map(flowOf), keys, metric);

        expect(top.groups.map((group) => BigInt(group[metric]!))).to.deep.equal(
          wanted
            .filter(({ value }) => value > 0n)
            .slice(0, limit)
            .map(({ value }) => value),
        );
        for (const { share, ...group } of top.groups) {
          const { [metric]: value, flows: _, unreplied: __, ...fields } = group;
          const match = wanted.find((other) => deepEqual(other.fields, fields))!;
          expect(match, JSON.stringify(fields)).to.include({
            value: BigInt(value!),
            flows: group.flows,
            unreplied: group.unreplied,
          });
          expect(share).to.be.within(0, 1);
        }
        expect(top.groups.length + (top.other?.groups ?? 0)).to.equal(wanted.length);
        expect(top.total.flows).to.equal(flows.length);
        expect(BigInt(top.total[metric]!)).to.equal(wanted.reduce((sum, { value }) => sum + value, 0n));
        expect(top.exact).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it('beyond their number keep what space-saving promises', () => {
    const streams = fc.array(fc.record({ source: fc.nat(30), bytes: fc.oneof(fc.nat(20), u64) }), { maxLength: 300 });
    const metrics = fc.constantFrom('flows' as const, 'bytes' as const);
    fc.assert(
      fc.property(streams, metrics, fc.integer({ min: 1, max: 12 }), (stream, metric, most) => {
        const groups = new TopGroups(groupingOf('src'), weighOnce(metric, 0), most);
        const exact = new Map<string, bigint>();
        for (const row of flowsIn(...stream.map(({ source, bytes }, id) => flowFrom(source, bytes, id)))) {
          groups.add(row);
          const { src, bytes = 0 } = flowOf(row).original;
          exact.set(src, (exact.get(src) ?? 0n) + (metric === 'flows' ? 1n : BigInt(bytes)));
        }
        const top = largestGroups(groups, { metric, limit: most });
        const estimates = top.groups.map((group) => ({
          src: group.src!,
          count: BigInt(group[metric]!),
          error: BigInt(group.error ?? 0),
        }));
        const total = [...exact.values()].reduce((sum, count) => sum + count, 0n);

        for (const { src, count, error } of estimates)
          expect(exact.get(src)! <= count && exact.get(src)! >= count - error, src).to.equal(true);
        // Every weight is somebody's.
        expect(estimates.reduce((sum, { count }) => sum + count, 0n)).to.equal(total);
        // The error is no more than an equal part, and who has more than that is there.
        for (const { error } of estimates) expect(error * BigInt(most) <= total).to.equal(true);
        for (const [src, count] of exact)
          if (count * BigInt(most) > total) expect(estimates.map((group) => group.src)).to.include(src);
        if (exact.size <= most) expect(top.exact).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('sums of counters', () => {
  it('are exact, whatever is added', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), u64), { maxLength: 60 }), (added) => {
        const sums = new CounterSums(2);
        sums.grow(4);
        const wanted = [0n, 0n, 0n, 0n];
        for (const [index, counter] of added) {
          sums.add(index, counter);
          wanted[index]! += BigInt(counter);
        }
        wanted.forEach((sum, index) => {
          expect(BigInt(sums.get(index))).to.equal(sum);
          expect(typeof sums.get(index)).to.equal(sum <= BigInt(Number.MAX_SAFE_INTEGER) ? 'number' : 'bigint');
          wanted.forEach((other, second) =>
            expect(Math.sign(sums.compare(index, second))).to.equal(sum < other ? -1 : sum > other ? 1 : 0),
          );
        });
        const copy = new CounterSums(1);
        copy.copy(0, sums, 2);
        expect(copy.get(0)).to.equal(sums.get(2));
      }),
    );
  });
});

describe('the index of groups', () => {
  it('finds every key that it has, and none that gave way', () => {
    const keys = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(), keys), { maxLength: 400 }), (steps) => {
        const index = new GroupIndex();
        const model: string[] = [];
        for (const [replaces, which, key] of steps) {
          const name = Buffer.from(key).toString('hex');
          expect(index.find(key, key.length)).to.equal(model.indexOf(name));
          if (model.includes(name)) continue;
          if (replaces && model.length > 0) {
            index.replace(which % model.length, key, key.length);
            model[which % model.length] = name;
          } else {
            expect(index.add(key, key.length)).to.equal(model.length);
            model.push(name);
          }
        }
        model.forEach((name, group) => expect(Buffer.from(index.key(group)).toString('hex')).to.equal(name));
      }),
    );
  });

  it('has room for more than it began with', () => {
    const index = new GroupIndex();
    const key = (i: number): Buffer => Buffer.from(`key ${i}`);
    for (let i = 0; i < 10_000; i++) index.add(key(i), key(i).length);
    for (let i = 0; i < 10_000; i++) expect(index.find(key(i), key(i).length)).to.equal(i);
    expect(index.find(key(10_000), key(10_000).length)).to.equal(-1);
  });
});

function flowFrom(source: number, bytes: number | bigint, id: number): string {
  return `ipv4     2 udp      17 29 src=10.0.0.${source} dst=10.9.0.1 sport=5 dport=53 packets=1 bytes=${bytes} src=10.9.0.1 dst=10.0.0.${source} sport=53 dport=5 mark=0 use=1 id=${id}`;
}

function deepEqual(a: object, b: object): boolean {
  const sorted = (value: object): string => JSON.stringify(Object.entries(value).sort());
  return sorted(a) === sorted(b);
}
