import type { CounterGrowth, CounterPage } from '../model/bundle-counters.js';
import type { ConntrackStatistics, TrackingCounters } from '../model/conntrack-statistics.js';
import type { Counter } from '../model/number.js';
import { counterOf } from '../model/number.js';
import { growth, ratePerSecond } from './counters.js';
import type { NamedCounter } from './named-counters.js';

/** Seconds between two readings of a page; undefined where that is not known. */
export type SecondsOf = (page: CounterPage) => number | undefined;

/** The counters of a daemon that were there both times, in the order of the second reading. */
export function daemonGrowth(
  before: readonly NamedCounter[],
  now: readonly NamedCounter[],
  secondsOf: SecondsOf,
): CounterGrowth[] {
  const earlier = new Map(before.map((each) => [`${each.page} ${each.counter}`, each.value]));
  return now.flatMap(({ page, counter, value, bits }) => {
    const was = earlier.get(`${page} ${counter}`);
    if (was === undefined) return [];
    return [{ page, counter, before: was, now: value, bits, ...grownBy(growth(was, value, bits), secondsOf(page)) }];
  });
}

/** The kernel's counters that were there both times. Each CPU has its own, which begins again at 0 by itself. */
export function kernelGrowth(
  before: ConntrackStatistics,
  now: ConntrackStatistics,
  secondsOf: SecondsOf,
): CounterGrowth[] {
  return (Object.entries(now.total) as [keyof TrackingCounters, Counter][]).flatMap(([counter, value]) => {
    const was = before.total[counter];
    if (was === undefined) return [];
    const grown = grownBy(sumOfGrowth(before, now, counter), secondsOf('kernel'));
    return [{ page: 'kernel' as const, counter, before: was, now: value, bits: 32 as const, ...grown }];
  });
}

/** What is known of a counter that was read once, or whose program was started anew. */
export function withoutGrowth({ grown: _, per_second: __, ...known }: CounterGrowth): CounterGrowth {
  return known;
}

function grownBy(
  grown: Counter | undefined,
  seconds: number | undefined,
): Pick<CounterGrowth, 'grown' | 'seconds' | 'per_second'> {
  const known = seconds === undefined || seconds <= 0 ? {} : { seconds };
  if (grown === undefined) return known;
  const rate = known.seconds === undefined ? undefined : ratePerSecond(0, grown, 64, known.seconds);
  return { grown, ...known, ...(rate === undefined ? {} : { per_second: rate }) };
}

/** Undefined where a CPU has come or gone: what it had counted is not known any more. */
function sumOfGrowth(
  before: ConntrackStatistics,
  now: ConntrackStatistics,
  counter: keyof TrackingCounters,
): Counter | undefined {
  if (before.cpus.length !== now.cpus.length) return undefined;
  let sum = 0n;
  for (const { cpu, counters } of now.cpus) {
    const was = before.cpus.find((each) => each.cpu === cpu)?.counters[counter];
    const is = counters[counter];
    if (was === undefined && is === undefined) continue;
    const grown = was === undefined || is === undefined ? undefined : growth(was, is, 32);
    if (grown === undefined) return undefined;
    sum += BigInt(grown);
  }
  return counterOf(String(sum));
}
