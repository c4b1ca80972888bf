import type { Range } from '../../model/check.js';
import { Failure } from '../../model/failure.js';

const NUMBER = String.raw`-?(?:\d+\.?\d*|\.\d+)`;
const RANGE = new RegExp(`^(@)?(?:(${NUMBER}|~)?(:))?(${NUMBER})?$`);

/**
 * A range as the Monitoring Plugins guidelines write it: `10` alerts outside of 0 to 10, `10:` below 10, `~:10` above 10,
 * `10:20` outside, `@10:20` inside.
 *
 * @throws Failure USAGE
 */
export function parseRange(text: string): Range {
  const [whole, at, from, colon, to] = RANGE.exec(text) ?? [];
  if (whole === undefined || (from === undefined && to === undefined)) throw badRange(text);
  const start = from === '~' ? -Infinity : Number(from ?? 0);
  const end = to === undefined ? Infinity : Number(to);
  if (start > end || (colon === undefined && to === undefined)) throw badRange(text);
  return { start, end, inside: at !== undefined, text };
}

/** Whether a value is one to be alerted of. */
export function alerts({ start, end, inside }: Range, value: number | bigint): boolean {
  const within = value >= start && value <= end;
  return inside ? within : !within;
}

function badRange(text: string): Failure {
  return new Failure('USAGE', `${JSON.stringify(text)} is no range.`, {
    next: 'Ranges are 10 (alerts outside of 0 to 10), 10: (below 10), ~:10 (above 10), 10:20 (outside) and @10:20 (inside).',
  });
}
