import type { Counter } from '../model/number.js';
import type { AcceptedFlows } from '../model/node-observation.js';
import { growth } from './counters.js';
import type { Admission } from './event-filter.js';

/** Flows of the kernel's table, both families, by what the filter of conntrackd does with them. */
export type TableCount = Record<Admission, number>;

/** What conntrackd counts of its internal cache. */
export interface CacheCounters {
  created: Counter;
  destroyed: Counter;
}

/** The internal cache and the table, read one behind the other while flows come and go. */
export interface CacheLook {
  counters: CacheCounters;
  table: TableCount;
  /** Objects of the kernel's table when the cache was counted: those too that have expired and are not yet removed. */
  tracked: number | undefined;
  /** Flows in the internal cache. */
  internal: number;
  tableAfter: TableCount;
  countersAfter: CacheCounters;
}

/**
 * How many flows the internal cache may have, by the table before and after it. Fewer by what the cache has taken in
 * meanwhile: it learns of a flow a moment later. More by what has left it meanwhile, and by what the kernel tracked that was
 * not in the table: what has expired stays in the cache until the kernel removes it.
 */
export function acceptedFlows(look: CacheLook): AcceptedFlows {
  const { counters, table, tracked, internal, tableAfter, countersAfter } = look;
  const came = Number(growth(counters.created, countersAfter.created, 32) ?? 0);
  const went = Number(growth(counters.destroyed, countersAfter.destroyed, 32) ?? 0);
  const unseen = Math.max((tracked ?? 0) - table.yes - table.maybe - table.no, 0);
  const [possible, possibleAfter] = [table.yes + table.maybe, tableAfter.yes + tableAfter.maybe];
  return {
    internal,
    kernel: tableAfter.yes,
    possible: possibleAfter,
    least: Math.max(Math.min(table.yes, tableAfter.yes) - came, 0),
    most: Math.max(possible, possibleAfter) + unseen + went,
  };
}

/** The later of two looks, with as much room as both allow. */
export function bothLooks(first: AcceptedFlows, second: AcceptedFlows): AcceptedFlows {
  return { ...second, least: Math.min(first.least, second.least), most: Math.max(first.most, second.most) };
}

/** A difference that is smaller is none, whatever the share. */
const FAR_LEAST = 100;
const FAR_SHARE = 0.1;

/** Whether the internal cache has far fewer flows than it should, or far more; undefined where it is near. */
export function distance({ internal, kernel, possible, least, most }: AcceptedFlows): 'fewer' | 'more' | undefined {
  if (internal < least - room(kernel, internal)) return 'fewer';
  return internal > most + room(possible, internal) ? 'more' : undefined;
}

function room(kernel: number, internal: number): number {
  return Math.max(FAR_LEAST, FAR_SHARE * Math.max(kernel, internal));
}
