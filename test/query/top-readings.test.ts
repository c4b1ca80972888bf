import { expect } from 'chai';
import type { FlowTop, TopMetric } from '../../src/model/flow-top.js';
import { changedGroups } from '../../src/query/changed-groups.js';
import { parseFilter } from '../../src/query/filter/parse.js';
import { FlowMemory } from '../../src/query/flow-memory.js';
import { groupingOf } from '../../src/query/grouping.js';
import { isLasting } from '../../src/query/lasting.js';
import { largestGroups } from '../../src/query/largest-groups.js';
import { TopGroups } from '../../src/query/top-groups.js';
import { counterFor, weighOnce, weighSince } from '../../src/query/weighing.js';
import { flowsIn } from '../support/flow-source.js';

interface Sent {
  src?: string;
  id?: number;
  bytes?: number | bigint;
  zone?: number;
}

function line({ src = '10.0.0.1', id = 1, bytes = 0, zone }: Sent): string {
  const zoned = zone === undefined ? '' : ` zone=${zone}`;
  return `ipv4     2 udp      17 29 src=${src} dst=10.9.0.1 sport=5 dport=53 packets=1 bytes=${bytes} src=10.9.0.1 dst=${src} sport=53 dport=5 packets=0 bytes=0 mark=0${zoned} use=1 id=${id}`;
}

function since(metric: TopMetric, before: Sent[], now: Sent[]): FlowTop {
  const counter = counterFor(metric);
  const memory = new FlowMemory(0, counter !== undefined);
  for (const row of flowsIn(...before.map(line))) memory.put(row, counter?.(row));
  const groups = new TopGroups(groupingOf('src'), weighSince(metric, memory));
  for (const row of flowsIn(...now.map(line))) groups.add(row);
  return largestGroups(groups, { metric, limit: 10, interval: { seconds: 2, readings: 2 } });
}

function changed(before: Sent[], now: Sent[], { limit = 10, most }: { limit?: number; most?: number } = {}): FlowTop {
  const [first, second] = [before, now].map((sent) => {
    const groups = new TopGroups(groupingOf('src'), weighOnce('flows', 0), most);
    for (const row of flowsIn(...sent.map(line))) groups.add(row);
    return groups;
  });
  return changedGroups(first!, second!, limit, 2);
}

describe('groups between two readings', () => {
  it('have the bytes that flows counted since the first, and all those of new flows', () => {
    const before = [{ bytes: 1000 }, { src: '10.0.0.2', id: 2, bytes: 5_000_000 }];
    const now = [{ bytes: 1600 }, { id: 3, bytes: 50 }];
    // The flow of 10.0.0.2 has ended; what it had counted is taken from nobody.
    const top = since('bytes', before, now);
    expect(top.groups).to.deep.equal([
      { src: '10.0.0.1', flows: 2, unreplied: 0, bytes: 650, per_second: 325, share: 1 },
    ]);
    expect(top.interval).to.deep.equal({ seconds: 2, readings: 2 });
  });

  it('count from zero what was set back to zero, and beyond 2^53 exactly', () => {
    expect(since('bytes', [{ bytes: 1000 }], [{ bytes: 10 }]).total.bytes).to.equal(10);
    const large = 2n ** 63n + 1n;
    expect(since('bytes', [{ bytes: large }], [{ bytes: large + 7n }]).total.bytes).to.equal(7);
    expect(since('bytes', [{ bytes: 2n ** 54n - 2n }], [{ bytes: 2n ** 54n + 1n }]).total.bytes).to.equal(3);
    expect(since('bytes', [{ bytes: 9007199254740991 }], [{ bytes: 2n ** 53n + 1n }]).total.bytes).to.equal(2);
  });

  it('have the flows that the first reading lacks: other ids, tuples or zones', () => {
    const before = [{ id: 1 }, { id: 2, zone: 1 }];
    const now = [{ id: 1 }, { id: 2, zone: 2 }, { id: 2 }, { id: 3 }, { id: 1, src: '10.0.0.2' }];
    const { groups, total } = since('new', before, now);
    expect(groups.map(({ src, new: count, per_second }) => [src, count, per_second])).to.deep.equal([
      ['10.0.0.1', 3, 1.5],
      ['10.0.0.2', 1, 0.5],
    ]);
    expect(total).to.deep.include({ flows: 5, new: 4, per_second: 2 });
  });

  it('gain and lose flows; the shares are those of all gains', () => {
    const before = [{ id: 1 }, { id: 2 }, { id: 3, src: '10.0.0.2' }, { id: 4, src: '10.0.0.3' }];
    const now = [{ id: 2 }, { id: 4, src: '10.0.0.3' }, ...[5, 6, 7].map((id) => ({ id, src: '10.0.0.4' }))];
    const { groups, other, total } = changed(before, [...now, { id: 8, src: '10.0.0.5' }]);
    expect(
      groups.map(({ src, flows, change, per_second, share }) => [src, flows, change, per_second, share]),
    ).to.deep.equal([
      ['10.0.0.4', 3, 3, 1.5, 0.75],
      ['10.0.0.5', 1, 1, 0.5, 0.25],
      ['10.0.0.1', 1, -1, -0.5, 0],
      ['10.0.0.2', 0, -1, -0.5, 0],
    ]);
    expect(other).to.deep.include({ groups: 1, flows: 1, change: 0 });
    expect(total).to.deep.include({ flows: 6, change: 2, per_second: 1 });
  });

  it('add up to the total when they are cut at a limit', () => {
    const { groups, other, total } = changed([{ id: 1 }], [{ src: '10.0.0.2' }, { src: '10.0.0.3' }], { limit: 1 });
    expect(groups[0]).to.include({ src: '10.0.0.2', share: 0.5 });
    expect(groups[0]!.change! + other!.change!).to.equal(total.change);
    expect(other).to.include({ groups: 2, share: 0.5 });
  });

  it('say how far a change may be off where there are more than are counted one by one', () => {
    const many = Array.from({ length: 40 }, (_, id) => ({ id, src: `10.0.0.${id % 20}` }));
    const top = changed(many, [...many, ...[41, 42, 43].map((id) => ({ id, src: '10.0.0.99' }))], { most: 8 });
    expect(top.exact).to.equal(false);
    expect(top.other).to.not.have.property('groups');
    const actual = (src: string): number => (src === '10.0.0.99' ? 3 : 0);
    for (const { src, change, error } of top.groups)
      expect(Math.abs(change! - actual(src!)), src).to.be.at.most(Number(error));
  });
});

describe('the memory of a reading', () => {
  it('knows each of a hundred thousand flows again, with its counter, and none that it has not seen', () => {
    const memory = new FlowMemory(10, true);
    const rows = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, i) =>
        line({ id: from + i, src: `10.${(from + i) >> 16}.${((from + i) >> 8) & 255}.${(from + i) & 255}` }),
      );
    flowsIn(...rows(0, 100_000)).forEach((row, i) => memory.put(row, i));
    expect(memory.size).to.equal(100_000);
    expect(flowsIn(...rows(0, 100_000)).every((row, i) => memory.growth(row, i + 1) === 1)).to.equal(true);
    expect(flowsIn(...rows(100_000, 200_000)).some((row) => memory.has(row))).to.equal(false);
  });
});

describe('a filter that lasts', () => {
  for (const [text, lasts] of [
    ['tcp and src net 10.0.0.0/8 and not dst port 22', true],
    ['zone 5 or snat or natted-to 192.0.2.1', true],
    ['tcp and bytes gt 10M', false],
    ['state established or udp', false],
    ['not unreplied', false],
    ['mark 7', false],
    ['age lt 1h', false],
  ] as const) {
    it(`${text}: ${lasts}`, () => expect(isLasting(parseFilter(text))).to.equal(lasts));
  }
});
