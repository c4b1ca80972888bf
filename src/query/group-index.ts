import { hashBytes } from './hash-bytes.js';
import { KeyStore } from './key-store.js';

const FIRST_CAPACITY = 1024;
const FREE = -1;

/**
 * Numbers groups of flows by their keys: the first key is 0, the next one 1. A group costs about 20 bytes and its key, and none
 * that is known allocates anything.
 */
export class GroupIndex {
  private readonly keys = new KeyStore();
  private hashes = new Int32Array(FIRST_CAPACITY);
  /** The group at each place that a hash leads to; twice as many places as groups, so that searches stay short. */
  private slots = new Int32Array(2 * FIRST_CAPACITY).fill(FREE);
  private used = 0;

  /** How many groups there are. */
  get size(): number {
    return this.used;
  }

  /** How many groups there is room for; {@link add} makes more. */
  get capacity(): number {
    return this.hashes.length;
  }

  /** The group whose key is the first `length` bytes; -1 where there is none. */
  find(key: Uint8Array, length: number): number {
    const hash = hashBytes(key, 0, length);
    const { slots } = this;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const group = slots[slot]!;
      if (group === FREE) return -1;
      if (this.hashes[group] === hash && this.keys.holds(group, key, length)) return group;
    }
  }

  /** A new group; its key is none of those that are there. */
  add(key: Uint8Array, length: number): number {
    if (this.used === this.capacity) this.grow();
    const group = this.used++;
    this.put(group, key, length);
    return group;
  }

  /** Gives a group another key, which is none of those that are there. */
  replace(group: number, key: Uint8Array, length: number): void {
    this.remove(group);
    this.put(group, key, length);
  }

  /** The key of a group; it stands until the group gets another one. */
  key(group: number): Uint8Array {
    return this.keys.get(group);
  }

  private put(group: number, key: Uint8Array, length: number): void {
    this.keys.put(group, key, length);
    const hash = hashBytes(key, 0, length);
    this.hashes[group] = hash;
    this.slots[this.freeSlot(hash)] = group;
  }

  private freeSlot(hash: number): number {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== FREE) slot = (slot + 1) & mask;
    return slot;
  }

  /** Takes a group out of the slots, and moves those behind it that would not be found across the gap. */
  private remove(group: number): void {
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let gap = hashes[group]! & mask;
    while (slots[gap] !== group) gap = (gap + 1) & mask;
    slots[gap] = FREE;
    for (let slot = (gap + 1) & mask; slots[slot] !== FREE; slot = (slot + 1) & mask) {
      const wanted = hashes[slots[slot]!]! & mask;
      if (((slot - wanted) & mask) < ((slot - gap) & mask)) continue;
      slots[gap] = slots[slot]!;
      slots[slot] = FREE;
      gap = slot;
    }
  }

  private grow(): void {
    const hashes = new Int32Array(2 * this.capacity);
    hashes.set(this.hashes);
    this.hashes = hashes;
    this.slots = new Int32Array(2 * hashes.length).fill(FREE);
    for (let group = 0; group < this.used; group++) this.slots[this.freeSlot(hashes[group]!)] = group;
  }
}
