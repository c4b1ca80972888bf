import type { FlowTop, GroupCounts, TopGroup } from '../model/flow-top.js';
import { FirstGroups } from './first-groups.js';
import { otherGroups, perSecond, share } from './largest-groups.js';
import type { TopGroups } from './top-groups.js';

/** A group in both readings. */
interface Change {
  flows: number;
  unreplied: number;
  change: number;
  error: number;
}

/**
 * The groups that have gained most flows between two readings, and behind them those that have lost some. A group that has
 * as many as before is not shown.
 */
export function changedGroups(before: TopGroups, now: TopGroups, limit: number, seconds: number): FlowTop {
  const first = new FirstGroups(limit);
  let gains = 0;
  let groups = 0;
  const offer = (key: Uint8Array): void => {
    const { change } = changeOf(key, before, now);
    groups++;
    gains += Math.max(change, 0);
    if (change !== 0) first.offer(change, () => key);
  };
  for (let group = 0; group < now.size; group++) offer(now.key(group));
  for (let group = 0; group < before.size; group++) {
    const key = before.key(group);
    if (now.find(key) < 0) offer(key);
  }
  const shown = first.sorted().map(({ key }) => ({ key, counted: changeOf(key, before, now) }));
  const counts = ({ flows, unreplied, change }: Omit<Change, 'error'>): GroupCounts => ({
    flows,
    unreplied,
    change,
    per_second: perSecond(change, seconds),
  });
  const total = {
    flows: now.total.flows,
    unreplied: now.total.unreplied,
    change: now.total.flows - before.total.flows,
  };
  const left = shown.reduce(
    (rest, { counted }) => ({
      flows: rest.flows - counted.flows,
      unreplied: rest.unreplied - counted.unreplied,
      change: rest.change - counted.change,
    }),
    total,
  );
  const shownGains = shown.reduce((sum, { counted }) => sum + Math.max(counted.change, 0), 0);
  const exact = before.exact && now.exact;
  return {
    by: [...now.grouping.by],
    metric: 'flows',
    interval: { seconds, readings: 2 },
    groups: shown.map(({ key, counted }): TopGroup => ({
      ...now.grouping.read(key),
      ...counts(counted),
      share: share(Math.max(counted.change, 0), gains),
      ...(exact ? {} : { error: counted.error }),
    })),
    ...otherGroups(groups - shown.length, exact, {
      ...counts(left),
      share: share(Math.max(gains - shownGains, 0), gains),
    }),
    total: counts(total),
    exact,
  };
}

/** A group without a place in a reading had no flow there, or no more than the smallest one that has a place. */
function changeOf(key: Uint8Array, before: TopGroups, now: TopGroups): Change {
  const [flowsBefore, errorBefore] = flowsIn(before, key);
  const [flows, error] = flowsIn(now, key);
  const group = now.find(key);
  return {
    flows,
    unreplied: group < 0 ? 0 : now.get(group).unreplied,
    change: flows - flowsBefore,
    error: Math.max(error, errorBefore),
  };
}

function flowsIn(groups: TopGroups, key: Uint8Array): [flows: number, error: number] {
  const group = groups.find(key);
  if (group < 0) return [Number(groups.unseen), Number(groups.unseen)];
  const { weight, error } = groups.get(group);
  return [Number(weight), Number(error)];
}
