import type { DumpVerdict } from './dump.js';
import type { Family } from './flow.js';
import type { Counter } from './number.js';

/** What groups of flows are compared by. */
export type TopMetric = 'flows' | 'bytes' | 'packets' | 'new';

/** What the flows of a group have in common: the fields that they were grouped by, without those that its flows lack. */
export interface GroupFields {
  family?: Family;
  /** Name and number, as those of a flow. */
  protocol?: {
    name: string;
    /** @asType integer */
    number: number;
  };
  /** An address, or a network where it was asked for by its prefix. */
  src?: string;
  /** As `src`. */
  dst?: string;
  /** @asType integer */
  sport?: number;
  /** @asType integer */
  dport?: number;
  /** As `src`: where the reply comes from. */
  reply_src?: string;
  /** As `src`: where the reply goes to. */
  reply_dst?: string;
  /** As `src`: the address that the source was translated to, else that of the destination; absent without NAT. */
  nat_address?: string;
  state?: string;
  /** What conntrack says in brackets; empty where it says nothing. */
  status?: string[];
  /**
   * 0 where conntrack shows none.
   * @asType integer
   */
  mark?: number;
  /**
   * That of both directions, else of the original one, else of the reply; 0 where conntrack shows none.
   * @asType integer
   */
  zone?: number;
  helper?: string;
}

/** What is counted of a group of flows, or of several groups together. */
export interface GroupCounts {
  /**
   * Flows, those of the second reading where there were two.
   * @asType integer
   */
  flows: number;
  /**
   * Those that nobody has answered.
   * @asType integer
   */
  unreplied: number;
  /** Of both directions, within the interval where there is one; for the metric `bytes`. */
  bytes?: Counter;
  /** As `bytes`, for the metric `packets`. */
  packets?: Counter;
  /**
   * Flows that began within the interval; for the metric `new`.
   * @asType integer
   */
  new?: number;
  /**
   * How many flows more there are than at the first reading, negative where there are less; for the metric `flows` between
   * two readings.
   * @asType integer
   */
  change?: number;
  /** What the metric counts within the interval, for each second of it. */
  per_second?: number;
}

/** A group of flows. */
export interface TopGroup extends GroupFields, GroupCounts {
  /** Part of all that the metric counts, from 0 to 1; of all gains where flows are compared between two readings. */
  share: number;
  /**
   * Only where `exact` is false: the metric's count is too high by so much at the most; a `change` may be wrong by so much
   * either way. `unreplied` may then lack as many flows.
   */
  error?: Counter;
}

/** The groups that are not shown, together. */
export interface OtherGroups extends GroupCounts {
  /** As that of a group. */
  share: number;
  /**
   * How many they are; absent where `exact` is false.
   * @asType integer
   */
  groups?: number;
}

/** Groups of flows, the largest first. */
export interface FlowTop {
  /** What flows were grouped by, as it was asked for: `src/24`, `dport`. */
  by: string[];
  metric: TopMetric;
  /** The time that is looked at; absent where flows are counted whatever their age. */
  interval?: {
    /** Its length, as measured where there were two readings. */
    seconds: number;
    /**
     * How often the table was read: once where flows tell their age themselves.
     * @asType integer
     */
    readings: number;
  };
  groups: TopGroup[];
  /** Absent where all groups are shown. */
  other?: OtherGroups;
  /** What `groups` and `other` add up to. */
  total: GroupCounts;
  /** False where there were more groups than are counted one by one: the counts are estimates, each with its `error`. */
  exact: boolean;
  /**
   * Flows without what the metric needs: counters (`bytes`, `packets`) or a timestamp (`new`). They count as flows only.
   * @asType integer
   */
  uncounted?: number;
}

/** Groups of flows, with what is known of the reading they are from. */
export interface TopAnswer {
  top: FlowTop;
  verdict: DumpVerdict;
}
