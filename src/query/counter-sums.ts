import type { Counter } from '../model/number.js';

/** Sums are kept in two halves: `high` counts units of 2^52, so that `low` and what is added to it stay exact. */
const UNIT = 2 ** 52;
const UNIT_BITS = 52n;

/** Exact sums of 64-bit counters, one for each index, in 16 bytes each. */
export class CounterSums {
  private low: Float64Array;
  /** Made once a sum needs it: on most tables none does. */
  private high: Float64Array | undefined;

  constructor(capacity: number) {
    this.low = new Float64Array(capacity);
  }

  /** Makes room for more sums; they begin at 0. */
  grow(capacity: number): void {
    this.low = grown(this.low, new Float64Array(capacity));
    if (this.high) this.high = grown(this.high, new Float64Array(capacity));
  }

  add(index: number, counter: Counter): void {
    if (typeof counter === 'bigint') {
      this.carry(index, Number(counter >> UNIT_BITS));
      this.add(index, Number(BigInt.asUintN(Number(UNIT_BITS), counter)));
      return;
    }
    if (counter >= UNIT) {
      this.carry(index, 1);
      this.add(index, counter - UNIT);
      return;
    }
    const low = this.low[index]! + counter;
    if (low < UNIT) this.low[index] = low;
    else {
      this.low[index] = low - UNIT;
      this.carry(index, 1);
    }
  }

  get(index: number): Counter {
    const high = this.high?.[index] ?? 0;
    const low = this.low[index]!;
    // Twice the unit is 2^53: up to there numbers are exact.
    return high < 2 ? high * UNIT + low : (BigInt(high) << UNIT_BITS) + BigInt(low);
  }

  /** As Array.sort wants it. */
  compare(a: number, b: number): number {
    const high = this.high ? this.high[a]! - this.high[b]! : 0;
    return high !== 0 ? high : this.low[a]! - this.low[b]!;
  }

  /** Makes a sum what one of another list is. */
  copy(index: number, from: CounterSums, source: number): void {
    this.low[index] = from.low[source]!;
    const high = from.high?.[source] ?? 0;
    if (this.high) this.high[index] = high;
    else if (high !== 0) this.carry(index, high);
  }

  private carry(index: number, units: number): void {
    this.high ??= new Float64Array(this.low.length);
    this.high[index]! += units;
  }
}

function grown(from: Float64Array, to: Float64Array): Float64Array {
  to.set(from);
  return to;
}
