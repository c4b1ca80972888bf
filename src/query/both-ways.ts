import type { FlowRow, Span } from '../model/flow-row.js';
import type { Counter } from '../model/number.js';

/**
 * The sum of a counter of both directions, exact; undefined where neither direction is counted.
 */
export function bothWays(row: FlowRow, original: Span, reply: Span): Counter | undefined {
  if (!reply.given) return original.given ? row.counter(original) : undefined;
  if (!original.given) return row.counter(reply);
  return sum(row.counter(original), row.counter(reply));
}

/** The exact sum of two counters. */
export function sum(a: Counter, b: Counter): Counter {
  if (typeof a === 'number' && typeof b === 'number') {
    const both = a + b;
    if (both <= Number.MAX_SAFE_INTEGER) return both;
  }
  const both = BigInt(a) + BigInt(b);
  return both <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(both) : both;
}
