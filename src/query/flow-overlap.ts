import type { FlowRow } from '../model/flow-row.js';
import { FlowIdentity } from './flow-identity.js';
import { FlowMemory } from './flow-memory.js';

/**
 * Which flows two tables have in common, by protocol, original tuple and zone. A flow that a dump lists twice counts once.
 * Memory is about 11 bytes for each flow, and it is as sure as {@link FlowMemory} is.
 */
export class FlowOverlap {
  private readonly first: FlowMemory;
  private readonly second: FlowMemory;
  /** Flows that both have. */
  both = 0;

  /** @param expected about how many flows each of them has */
  constructor(expected: { first: number; second: number }) {
    this.first = new FlowMemory(expected.first, false, new FlowIdentity({ ids: false }));
    this.second = new FlowMemory(expected.second, false, new FlowIdentity({ ids: false }));
  }

  /** A flow of the first table, all of which come before the second one. */
  addFirst(row: FlowRow): void {
    if (!this.first.has(row)) this.first.put(row);
  }

  addSecond(row: FlowRow): void {
    if (this.second.has(row)) return;
    this.second.put(row);
    if (this.first.has(row)) this.both++;
  }

  /** How many flows there were in each. */
  get sizes(): { first: number; second: number } {
    return { first: this.first.size, second: this.second.size };
  }
}
