import { type Counter, counterOf } from '../model/number.js';

/** How many bits a counter has: on conntrackd's pages 32 in columns of 12, 64 in columns of 20 (formats.md §10). */
export type CounterWidth = 32 | 64;

/**
 * How much a counter has grown between two readings of one run of its program. It may have wrapped once in between: after
 * its largest value it begins again at 0. That is told from a fall by its size: no counter goes half its way round
 * between two readings.
 *
 * @returns undefined where it has fallen, which no counter does: it is another one, or was set back
 */
export function growth(before: Counter, now: Counter, width: CounterWidth): Counter | undefined {
  const [earlier, later] = [BigInt(before), BigInt(now)];
  if (later >= earlier) return counterOf(String(later - earlier));
  const range = 1n << BigInt(width);
  // Larger than it can be: there is no telling where it wraps.
  if (earlier >= range) return undefined;
  const wrapped = later + range - earlier;
  return wrapped < range / 2n ? counterOf(String(wrapped)) : undefined;
}

/**
 * What a counter has grown by for each second; undefined where it has fallen. Rounded to thousandths, and below 1 to three
 * digits: what is not nothing is never 0.
 *
 * @param seconds above 0
 */
export function ratePerSecond(before: Counter, now: Counter, width: CounterWidth, seconds: number): number | undefined {
  const grown = growth(before, now, width);
  if (grown === undefined) return undefined;
  const rate = Number(grown) / seconds;
  return rate < 1 ? Number(rate.toPrecision(3)) : Math.round(rate * 1000) / 1000;
}
