import type { FlowRow } from '../model/flow-row.js';
import { UNREPLIED } from '../model/flow-row.js';
import type { Counter } from '../model/number.js';
import { CounterSums } from './counter-sums.js';
import { GroupIndex } from './group-index.js';
import type { Grouping } from './grouping.js';
import { LeastFirst } from './least-first.js';

/** Groups that are counted one by one; memory is about 60 bytes and the key for each, so this is about 10 MB. */
export const EXACT_GROUPS = 131_072;

/** What a flow adds to the count of its group; undefined where it lacks what is to be counted. */
export type Weigh = (row: FlowRow) => Counter | undefined;

/** What is known of a group. */
export interface CountedGroup {
  /** What its flows weigh together. */
  weight: Counter;
  /** By how much the weight may be too high; 0 where it is exact. */
  error: Counter;
  flows: number;
  unreplied: number;
}

/**
 * Counts flows by groups: each exactly, up to so many groups. Beyond that by space-saving (Metwally, Agrawal, El Abbadi
 * 2005): a new group takes the place of the lightest one and goes on from its weight. The weights then still add up to the
 * total, none is too low, each is too high by its error at the most, and a group that weighs more than the lightest one is
 * there. Flows and unreplied ones are counted since a group has its place.
 */
export class TopGroups {
  readonly grouping: Grouping;
  private readonly weigh: Weigh;
  private readonly most: number;
  private readonly index = new GroupIndex();
  private readonly weights = new CounterSums(this.index.capacity);
  private flows = new Uint32Array(this.index.capacity);
  private unreplied = new Uint32Array(this.index.capacity);
  private readonly sum = new CounterSums(1);
  private allFlows = 0;
  private allUnreplied = 0;
  /** Flows that lack what is to be counted; they weigh nothing. */
  uncounted = 0;
  /** There once a group had to give way. */
  private replaced: { errors: CounterSums; lightest: LeastFirst } | undefined;

  /** @param most groups that are counted exactly */
  constructor(grouping: Grouping, weigh: Weigh, most = EXACT_GROUPS) {
    this.grouping = grouping;
    this.weigh = weigh;
    this.most = most;
  }

  add(row: FlowRow): void {
    const weight = this.weigh(row);
    const isUnreplied = (row.status & UNREPLIED) !== 0;
    this.allFlows++;
    if (isUnreplied) this.allUnreplied++;
    if (weight === undefined) this.uncounted++;
    else this.sum.add(0, weight);
    const group = this.groupOf(row, weight ?? 0);
    if (group < 0) return;
    this.flows[group]!++;
    if (isUnreplied) this.unreplied[group]!++;
    if (weight !== undefined) this.weights.add(group, weight);
    this.replaced?.lightest.raised(group);
  }

  /** How many groups there are; with those that had to give way there were more. */
  get size(): number {
    return this.index.size;
  }

  /** Whether every group is counted exactly. */
  get exact(): boolean {
    return this.replaced === undefined;
  }

  get total(): CountedGroup {
    return { weight: this.sum.get(0), error: 0, flows: this.allFlows, unreplied: this.allUnreplied };
  }

  /** The weight that a group without a place may have at the most. */
  get unseen(): Counter {
    return this.replaced ? this.weights.get(this.replaced.lightest.least) : 0;
  }

  key(group: number): Uint8Array {
    return this.index.key(group);
  }

  /** The group with that key; -1 where there is none. */
  find(key: Uint8Array): number {
    return this.index.find(key, key.length);
  }

  weight(group: number): Counter {
    return this.weights.get(group);
  }

  get(group: number): CountedGroup {
    return {
      weight: this.weights.get(group),
      error: this.replaced?.errors.get(group) ?? 0,
      flows: this.flows[group]!,
      unreplied: this.unreplied[group]!,
    };
  }

  /** The group of a row; -1 where it has no place and needs none, because it weighs nothing. */
  private groupOf(row: FlowRow, weight: Counter): number {
    const { grouping, index } = this;
    const length = grouping.write(row);
    const group = index.find(grouping.key, length);
    if (group >= 0) return group;
    if (index.size < this.most) {
      const added = index.add(grouping.key, length);
      if (this.flows.length < index.capacity) this.grow(index.capacity);
      return added;
    }
    return weight > 0 ? this.replaceLightest(length) : this.leaveOut();
  }

  private replaceLightest(length: number): number {
    const { errors, lightest } = this.approximate();
    const group = lightest.least;
    this.index.replace(group, this.grouping.key, length);
    errors.copy(group, this.weights, group);
    this.flows[group] = 0;
    this.unreplied[group] = 0;
    return group;
  }

  private leaveOut(): number {
    this.approximate();
    return -1;
  }

  private approximate(): { errors: CounterSums; lightest: LeastFirst } {
    const { weights, index } = this;
    return (this.replaced ??= {
      errors: new CounterSums(index.size),
      lightest: new LeastFirst(index.size, (a, b) => weights.compare(a, b)),
    });
  }

  private grow(capacity: number): void {
    this.weights.grow(capacity);
    const { flows, unreplied } = this;
    this.flows = new Uint32Array(capacity);
    this.flows.set(flows);
    this.unreplied = new Uint32Array(capacity);
    this.unreplied.set(unreplied);
  }
}
