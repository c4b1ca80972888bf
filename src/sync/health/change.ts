import type { Counter } from '../../model/number.js';

/** By how much a counter has grown between two samples; 0 where it has not, or where one of them lacks it. */
export function risen(before: Counter | undefined, now: Counter | undefined): bigint {
  if (before === undefined || now === undefined || now <= before) return 0n;
  return BigInt(now) - BigInt(before);
}
