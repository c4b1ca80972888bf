import { Failure } from '../model/failure.js';
import type { Counter } from '../model/number.js';
import type { DaemonRuntime } from '../model/runtime.js';
import type { CacheStatistics } from '../model/statistics.js';

/** conntrackd's counters on one side of a dump. */
export interface CacheSample {
  /** The dumped cache's block of `-s`; absent where the daemon has no such cache. */
  cache?: CacheStatistics;
  runtime: DaemonRuntime;
}

/** What a dump of a cache gave. */
export interface CacheDump {
  rows: number;
  /** Lines that are no rows: each may have been one. */
  unreadable: number;
  /** Its last line had no newline. */
  cut: boolean;
}

/**
 * Whether a dump of a cache is whole. conntrackd gives no count and exits 0 also when the dump was cut short (formats.md
 * §9), and under traffic no counter equals the rows. So the counters around the dump are asked: none of the daemon's
 * children may have failed meanwhile, it may not have been restarted, and the rows may not be fewer than the smaller size
 * of the cache less what was destroyed between the two samples.
 *
 * @param noun what its rows are
 * @returns why the dump is incomplete, or undefined
 */
export function cacheDumpFailure(
  dump: CacheDump,
  before: CacheSample,
  after: CacheSample,
  noun: 'flow' | 'expectation' = 'flow',
): Failure | undefined {
  if (dump.cut) return incomplete('the last line of the dump has no newline');
  if (dump.unreadable > 0) {
    return incomplete(`${dump.unreadable} of its lines ${dump.unreadable === 1 ? `is no ${noun}` : `are no ${noun}s`}`);
  }
  if (restarted(before, after)) return incomplete('conntrackd was restarted meanwhile');
  const child = failedChild(before.runtime, after.runtime);
  if (child !== undefined)
    return incomplete(`conntrackd's counter "${child}" rose, so the child that dumps the cache may have died`);
  const least = leastRows(before.cache, after.cache);
  if (least !== undefined && BigInt(dump.rows) < least) {
    return incomplete(`the dump has ${dump.rows} ${noun}s, and the cache held at least ${least}`);
  }
  return undefined;
}

function incomplete(reason: string): Failure {
  return new Failure('DUMP_INCOMPLETE', `The cache was not dumped whole: ${reason}.`, {
    next: "Run it again; if it happens every time, look at conntrackd's log.",
  });
}

/**
 * The uptime is in whole minutes, so a quick restart shows first in the counters: that of events is 64 bits wide, those
 * of the cache begin at zero again.
 */
export function restarted(before: CacheSample, after: CacheSample): boolean {
  return (
    fell(before.runtime.uptime_seconds, after.runtime.uptime_seconds) ||
    fell(before.runtime.netlink.events_received, after.runtime.netlink.events_received) ||
    beganAgain(before.cache?.created.total, after.cache?.created.total) ||
    beganAgain(before.cache?.destroyed.total, after.cache?.destroyed.total)
  );
}

/** A 32-bit counter that wraps between two samples falls by almost all of its range. */
const HALF_RANGE = 2n ** 31n;

function beganAgain(before: Counter | undefined, after: Counter | undefined): boolean {
  return before !== undefined && after !== undefined && after < before && BigInt(before) - BigInt(after) < HALF_RANGE;
}

function failedChild(before: DaemonRuntime, after: DaemonRuntime): string | undefined {
  const counters = ['child_process_failed', 'child_process_segfault', 'child_process_termsig'] as const;
  return counters.find((name) => fell(after.runtime[name], before.runtime[name]))?.replaceAll('_', ' ');
}

function fell(before: Counter | undefined, after: Counter | undefined): boolean {
  return before !== undefined && after !== undefined && after < before;
}

/** Undefined where a sample has no size: a cache that is bypassed keeps none. */
function leastRows(before: CacheStatistics | undefined, after: CacheStatistics | undefined): bigint | undefined {
  if (before?.active === undefined || after?.active === undefined) return undefined;
  const smaller = BigInt(before.active < after.active ? before.active : after.active);
  // The daemon counts in 32 bits: the difference is right also where the counter has wrapped between the samples.
  const destroyed = BigInt.asUintN(32, BigInt(after.destroyed.total) - BigInt(before.destroyed.total));
  return smaller - destroyed;
}
