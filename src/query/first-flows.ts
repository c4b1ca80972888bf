import TinyQueue from 'tinyqueue';
import type { FlowRow } from '../model/flow-row.js';
import type { Order } from './order.js';

/** A flow that is kept: what it is sorted by, and its line. */
export interface KeptFlow {
  key: string;
  line: Buffer;
}

interface Ranked extends KeptFlow {
  rank: number;
  /** In which order they came: of equal flows the first ones stay. */
  sequence: number;
}

/**
 * The first so many flows of an order, out of any number: a heap with the last of them on top, so that most flows are
 * turned away after one comparison of numbers. Memory follows their number.
 */
export class FirstFlows {
  private readonly order: Order;
  private readonly most: number;
  private readonly heap = new TinyQueue<Ranked>([], (a, b) => comparePlaces(b, a));
  private sequence = 0;

  constructor(order: Order, most: number) {
    this.order = order;
    this.most = most;
  }

  add(row: FlowRow): void {
    const rank = this.order.rank?.(row) ?? 0;
    const last = this.heap.length < this.most ? undefined : this.heap.peek();
    if (this.most === 0 || (last && rank > last.rank)) return;
    const key = this.order.key(row);
    if (last && key >= last.key) return;
    if (last) this.heap.pop();
    this.heap.push({ ...keptFlow(row, key), rank, sequence: this.sequence++ });
  }

  /** All that are kept, first one first. */
  sorted(): KeptFlow[] {
    return [...this.heap.data].sort(comparePlaces);
  }
}

/** The flow of a row, to be kept when the row is used again. */
export function keptFlow(row: FlowRow, key: string): KeptFlow {
  return { key, line: Buffer.from(row.bytes.subarray(row.line.start, row.line.end)) };
}

/** As Array.sort wants it. */
export function compareKeys(a: KeptFlow, b: KeptFlow): number {
  if (a.key === b.key) return 0;
  return a.key < b.key ? -1 : 1;
}

function comparePlaces(a: Ranked, b: Ranked): number {
  return compareKeys(a, b) || a.sequence - b.sequence;
}
