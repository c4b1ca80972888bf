import TinyQueue from 'tinyqueue';
import type { Counter } from '../model/number.js';

/** A group that has a place among the first ones. */
export interface Placed {
  key: Uint8Array;
  /** What it is placed by, largest first; may be negative. */
  value: Counter;
}

/**
 * The first so many of any number of groups, by their values, and by their keys where these are equal. Memory follows
 * their number, and most groups are turned away after one comparison.
 */
export class FirstGroups {
  private readonly most: number;
  private readonly heap = new TinyQueue<Placed>([], (a, b) => comparePlaces(b, a));

  constructor(most: number) {
    this.most = most;
  }

  /** @param key read only where the value is not enough */
  offer(value: Counter, key: () => Uint8Array): void {
    if (this.most === 0) return;
    if (this.heap.length < this.most) {
      this.heap.push({ key: key(), value });
      return;
    }
    const last = this.heap.peek()!;
    if (value < last.value) return;
    const placed = { key: key(), value };
    if (comparePlaces(placed, last) > 0) return;
    this.heap.pop();
    this.heap.push(placed);
  }

  /** First one first. */
  sorted(): Placed[] {
    return [...this.heap.data].sort(comparePlaces);
  }
}

function comparePlaces(a: Placed, b: Placed): number {
  if (a.value > b.value) return -1;
  return a.value < b.value ? 1 : Buffer.compare(a.key, b.key);
}
