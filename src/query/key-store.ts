const PAGE_BYTES = 64 * 1024;
const FIRST_CAPACITY = 1024;
const LEAST_ROOM = 4;

/**
 * Keys of groups, one behind the other in pages, so that more of them never means to copy those that are there. A key has
 * at least one byte, and no more than half a page.
 */
export class KeyStore {
  private readonly pages: Uint8Array[] = [];
  /** Free bytes of the last page begin here. */
  private end = PAGE_BYTES;
  /** Where each key begins, counted over all pages. */
  private places = new Uint32Array(FIRST_CAPACITY);
  private lengths = new Uint16Array(FIRST_CAPACITY);
  /** The bytes that each group may use there. */
  private rooms = new Uint16Array(FIRST_CAPACITY);

  /** Puts down the first `length` bytes as the key of a group, in place of the one it had. */
  put(group: number, key: Uint8Array, length: number): void {
    if (group >= this.places.length) this.grow();
    // Keys that take turns in one group use the same room; it doubles, so what is left behind is less than what is used.
    if (this.rooms[group]! < length) {
      const room = roomFor(length);
      this.rooms[group] = room;
      this.places[group] = this.reserve(room);
    }
    this.lengths[group] = length;
    const place = this.places[group]!;
    const page = this.pages[Math.floor(place / PAGE_BYTES)]!;
    const start = place % PAGE_BYTES;
    for (let i = 0; i < length; i++) page[start + i] = key[i]!;
  }

  /** The key of a group; it stands until the group gets another one. */
  get(group: number): Uint8Array {
    const place = this.places[group]!;
    const start = place % PAGE_BYTES;
    return this.pages[Math.floor(place / PAGE_BYTES)]!.subarray(start, start + this.lengths[group]!);
  }

  /** Whether the key of a group is the first `length` bytes. */
  holds(group: number, key: Uint8Array, length: number): boolean {
    if (this.lengths[group] !== length) return false;
    const place = this.places[group]!;
    const page = this.pages[Math.floor(place / PAGE_BYTES)]!;
    const start = place % PAGE_BYTES;
    for (let i = 0; i < length; i++) if (page[start + i] !== key[i]) return false;
    return true;
  }

  private reserve(bytes: number): number {
    if (this.end + bytes > PAGE_BYTES) {
      this.pages.push(new Uint8Array(PAGE_BYTES));
      this.end = 0;
    }
    const place = (this.pages.length - 1) * PAGE_BYTES + this.end;
    this.end += bytes;
    return place;
  }

  private grow(): void {
    const capacity = 2 * this.places.length;
    const { places, lengths, rooms } = this;
    this.places = new Uint32Array(capacity);
    this.places.set(places);
    this.lengths = new Uint16Array(capacity);
    this.lengths.set(lengths);
    this.rooms = new Uint16Array(capacity);
    this.rooms.set(rooms);
  }
}

/** Powers of two. */
function roomFor(length: number): number {
  let room = LEAST_ROOM;
  while (room < length) room *= 2;
  return room;
}
