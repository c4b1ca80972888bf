import type { FlowTop, GroupCounts, OtherGroups, TopGroup, TopMetric } from '../model/flow-top.js';
import type { Counter } from '../model/number.js';
import { sum } from './both-ways.js';
import { FirstGroups } from './first-groups.js';
import type { CountedGroup, TopGroups } from './top-groups.js';

/** What the groups were counted by. */
export interface Counting {
  metric: TopMetric;
  /** How many groups are shown. */
  limit: number;
  /** Absent where flows are counted whatever their age. */
  interval?: { seconds: number; readings: number } | undefined;
}

/**
 * The largest groups, those behind them together, and the total. A group that has nothing of what the metric counts is not
 * shown among the largest.
 */
export function largestGroups(groups: TopGroups, { metric, limit, interval }: Counting): FlowTop {
  const first = new FirstGroups(limit);
  for (let group = 0; group < groups.size; group++) {
    const weight = groups.weight(group);
    if (weight > 0) first.offer(weight, () => groups.key(group));
  }
  const shown = first.sorted().map(({ key }) => ({ key, counted: groups.get(groups.find(key)) }));
  const { total, exact } = groups;
  const counts = (counted: CountedGroup): GroupCounts => countsOf(counted, metric, interval?.seconds);
  const left = shown.reduce((rest, { counted }) => minus(rest, counted, metric), total);
  return {
    by: [...groups.grouping.by],
    metric,
    ...(interval ? { interval } : {}),
    groups: shown.map(({ key, counted }): TopGroup => ({
      ...groups.grouping.read(key),
      ...counts(counted),
      share: share(counted.weight, total.weight),
      ...(exact ? {} : { error: counted.error }),
    })),
    ...otherGroups(groups.size - shown.length, exact, { ...counts(left), share: share(left.weight, total.weight) }),
    total: counts(total),
    exact,
    ...(groups.uncounted > 0 ? { uncounted: groups.uncounted } : {}),
  };
}

/** Nothing where all groups are shown. */
export function otherGroups(
  groups: number,
  exact: boolean,
  counts: Omit<OtherGroups, 'groups'>,
): { other?: OtherGroups } {
  if (groups === 0 && exact) return {};
  return { other: { ...(exact ? { groups } : {}), ...counts } };
}

/** Rounded to what a reader can use, so that documents do not show the noise of a division. */
export function share(part: Counter, whole: Counter): number {
  return whole > 0 ? Math.round((Number(part) / Number(whole)) * 1e6) / 1e6 : 0;
}

/** Rounded to thousandths. */
export function perSecond(count: Counter, seconds: number): number {
  return Math.round((Number(count) / seconds) * 1000) / 1000;
}

function countsOf({ weight, flows, unreplied }: CountedGroup, metric: TopMetric, seconds?: number): GroupCounts {
  return {
    flows: metric === 'flows' ? Number(weight) : flows,
    unreplied,
    ...(metric === 'bytes' || metric === 'packets' ? { [metric]: weight } : {}),
    ...(metric === 'new' ? { new: Number(weight) } : {}),
    ...(seconds === undefined ? {} : { per_second: perSecond(weight, seconds) }),
  };
}

function minus(whole: CountedGroup, part: CountedGroup, metric: TopMetric): CountedGroup {
  return {
    weight: difference(whole.weight, part.weight),
    error: 0,
    // Where flows are what is counted, their number is the weight.
    flows: metric === 'flows' ? whole.flows : whole.flows - part.flows,
    unreplied: whole.unreplied - part.unreplied,
  };
}

function difference(whole: Counter, part: Counter): Counter {
  if (typeof whole === 'number' && typeof part === 'number') return whole - part;
  return sum(BigInt(whole) - BigInt(part), 0);
}
