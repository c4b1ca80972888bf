import type { FlowRow } from '../model/flow-row.js';
import type { Counter } from '../model/number.js';
import { FlowIdentity } from './flow-identity.js';

/** The part of the places of a table that is used; more would make searches long. */
const LOAD = 0.75;
const LEAST_FLOWS = 16 * 1024;
const FREE = 0;
const RANGE = 0x1_0000_0000;
const MODULUS_BITS = 53;
const MODULUS = 2 ** MODULUS_BITS;

/**
 * The flows of a first reading, to tell in a second one which are new and how far the counters of the others have come.
 * A flow is known by its place and 32 more bits, at about 16 bytes with its counter: that one is taken for another happens
 * about once in a thousand readings of a million flows.
 */
export class FlowMemory {
  private readonly tables: Table[] = [];
  private readonly identity: FlowIdentity;
  private readonly counts: boolean;
  /** How many flows it holds. */
  size = 0;

  /**
   * @param expected about how many flows there will be; more of them take more room
   * @param counts whether a counter is kept with each flow
   * @param identity what makes a flow the same one
   */
  constructor(expected: number, counts: boolean, identity = new FlowIdentity()) {
    this.counts = counts;
    this.identity = identity;
    this.tables.push(new Table(Math.max(expected, LEAST_FLOWS), counts));
  }

  /** Keeps a flow, with its counter where counters are kept. */
  put(row: FlowRow, counter: Counter = 0): void {
    let table = this.tables.at(-1)!;
    if (table.full) {
      table = new Table(Math.max(Math.floor(this.size / 2), LEAST_FLOWS), this.counts);
      this.tables.push(table);
    }
    this.identity.read(row);
    table.put(this.identity.hash, this.identity.print, remainder(counter));
    this.size++;
  }

  has(row: FlowRow): boolean {
    return this.before(row) !== undefined;
  }

  /**
   * How far the counter of a flow has come since it was kept: all of it where the flow is new, or was set back to zero.
   *
   * @param now the counter as it is
   */
  growth(row: FlowRow, now: Counter): Counter {
    const before = this.before(row);
    if (before === undefined) return now;
    if (typeof now === 'number') return now >= before ? now - before : now;
    // Exact unless a single flow counted 2^53 between two readings.
    const difference = remainder(now) - before;
    return difference < 0 ? difference + MODULUS : difference;
  }

  private before(row: FlowRow): number | undefined {
    this.identity.read(row);
    for (const table of this.tables) {
      const counter = table.get(this.identity.hash, this.identity.print);
      if (counter !== undefined) return counter;
    }
    return undefined;
  }
}

/** A counter modulo 2^53, which a number holds exactly. */
function remainder(counter: Counter): number {
  return typeof counter === 'number' ? counter : Number(BigInt.asUintN(MODULUS_BITS, counter));
}

/** So many flows that lie at the place that their hash gives them, or behind it. */
class Table {
  private readonly prints: Int32Array;
  private readonly counters: Float64Array | undefined;
  private readonly room: number;
  private used = 0;

  constructor(flows: number, counts: boolean) {
    this.room = flows;
    const places = Math.ceil(flows / LOAD);
    this.prints = new Int32Array(places);
    this.counters = counts ? new Float64Array(places) : undefined;
  }

  get full(): boolean {
    return this.used === this.room;
  }

  put(hash: number, print: number, counter: number): void {
    let place = this.placeOf(hash);
    while (this.prints[place] !== FREE) place = this.next(place);
    this.prints[place] = print;
    if (this.counters) this.counters[place] = counter;
    this.used++;
  }

  get(hash: number, print: number): number | undefined {
    for (let place = this.placeOf(hash); this.prints[place] !== FREE; place = this.next(place))
      if (this.prints[place] === print) return this.counters?.[place] ?? 0;
    return undefined;
  }

  /** Hashes spread evenly over any number of places. */
  private placeOf(hash: number): number {
    return Math.floor(((hash >>> 0) / RANGE) * this.prints.length);
  }

  private next(place: number): number {
    return place + 1 === this.prints.length ? 0 : place + 1;
  }
}
