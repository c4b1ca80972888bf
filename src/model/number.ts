/**
 * A 64-bit counter with its exact digits: a number up to 2^53 - 1, a bigint above.
 * In JSON it is always a number, never rounded and never a string.
 *
 * @asType integer
 * @minimum 0
 */
export type Counter = number | bigint;

/** The text of a counter that has passed `isCounter`, as a {@link Counter}. */
export function counterOf(digits: string): Counter {
  return digits.length < 16 ? Number(digits) : exact(BigInt(digits));
}

function exact(value: bigint): Counter {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
