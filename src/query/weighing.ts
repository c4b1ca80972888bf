import type { TopMetric } from '../model/flow-top.js';
import type { FlowRow } from '../model/flow-row.js';
import type { Counter } from '../model/number.js';
import { bothWays } from './both-ways.js';
import type { FlowMemory } from './flow-memory.js';
import type { Weigh } from './top-groups.js';

/** The counter that a metric looks at, of both directions; undefined where the flow is not counted. */
export function counterFor(metric: TopMetric): ((row: FlowRow) => Counter | undefined) | undefined {
  if (metric === 'bytes') return (row) => bothWays(row, row.original.bytes, row.reply.bytes);
  if (metric === 'packets') return (row) => bothWays(row, row.original.packets, row.reply.packets);
  return undefined;
}

/** What a flow weighs in one reading, whatever was before; `new` flows are those younger than `seconds`. */
export function weighOnce(metric: TopMetric, seconds: number): Weigh {
  if (metric === 'new') {
    return (row) => {
      if (!row.deltaTime.given) return undefined;
      return row.counter(row.deltaTime) < seconds ? 1 : 0;
    };
  }
  return counterFor(metric) ?? (() => 1);
}

/** What a flow weighs since an earlier reading: what it counted since then, or whether it is new. */
export function weighSince(metric: TopMetric, earlier: FlowMemory): Weigh {
  const counter = counterFor(metric);
  if (!counter) return (row) => (earlier.has(row) ? 0 : 1);
  return (row) => {
    const now = counter(row);
    return now === undefined ? undefined : earlier.growth(row, now);
  };
}
