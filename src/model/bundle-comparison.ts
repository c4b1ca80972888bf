import type { AnewSign, CounterGrowth } from './bundle-counters.js';

/** One thing that differs between two bundles. Without `a` it has come, without `b` it has gone. */
export interface Change {
  /** What it is: the name of a setting, an interface, the code of a finding, the file that a statement stands in. */
  of: string;
  /** As it was in the first bundle. */
  a?: string;
  /** As it was in the second bundle. */
  b?: string;
}

/** What is compared as a list of facts. */
export type FactPart =
  'versions' | 'boot' | 'configuration' | 'settings' | 'firewall' | 'addresses' | 'links' | 'state' | 'findings';

/** What is compared, in the order in which it is shown. */
export type ComparedPart = FactPart | 'counters' | 'flows';

/** Facts of one kind. */
export interface FactComparison {
  part: FactPart;
  changes: Change[];
  /**
   * Further changes, which are not listed.
   * @asType integer
   */
  more?: number;
  /** Why they were not compared, or not all of them, in sentences. */
  lacks?: string[];
}

/** The last readings of counters in both bundles. */
export interface CounterComparison {
  /** Counters of trouble that were there both times and are not what they were. */
  troubles: CounterGrowth[];
  /** As `troubles`, those of usual work. */
  usual: CounterGrowth[];
  /** By what it was seen that conntrackd was started anew between the bundles, or the node: its counters began again at 0. */
  restarted?: AnewSign;
  /** As that of facts. */
  lacks?: string[];
}

/** Flows of the kernel's tables, matched by protocol, original tuple and zone; each counts once in a bundle. */
export interface FlowComparison {
  /** @asType integer */
  a: number;
  /** @asType integer */
  b: number;
  /**
   * Flows that both have.
   * @asType integer
   */
  both: number;
  /** @asType integer */
  only_a: number;
  /** @asType integer */
  only_b: number;
}

/** What changed on one node. */
export interface NodeComparison {
  /** Its name in the first bundle. */
  a: string;
  /** Its name in the second bundle. */
  b: string;
  /** Its own name, as the second bundle tells it. */
  host: string;
  /** From the beginning of one collection to that of the other, by the clock of the node; negative where the second is older. */
  seconds: number;
  /** What differs. That more or fewer counters of usual work were counted is no difference; a trouble that rose is one. */
  different: ComparedPart[];
  facts: FactComparison[];
  counters: CounterComparison;
  /** Absent where a bundle has no table, or they can't be compared. */
  flows?: FlowComparison;
  /** Why flows were not compared, or not all of them, in sentences. */
  flows_lack?: string[];
  /** What was asked for and is not whole in a bundle, or can't be used, in sentences. */
  lacks?: string[];
}

/** One of the bundles that are compared. */
export interface ComparedBundle {
  /** The path that it was opened by, or `stdin`. */
  name: string;
  /**
   * When it was begun, RFC 3339 UTC.
   * @format date-time
   */
  created_at: string;
  /** Whether addresses and names were replaced in it. */
  cleaned: boolean;
  /** The nodes that the other one does not have; absent where there are none. */
  alone?: string[];
  /** What is wrong with it, in sentences: altered, missing and unlisted files. */
  problems: string[];
}

/** What changed between two support bundles. */
export interface BundleComparison {
  a: ComparedBundle;
  b: ComparedBundle;
  /** Nodes that both have. */
  nodes: NodeComparison[];
  /** Whether anything differs. */
  differs: boolean;
}

/** Whether all that both bundles should hold could be compared. */
export function isWholeComparison({ a, b, nodes }: BundleComparison): boolean {
  const lacking = (lacks: readonly string[] | undefined): boolean => lacks !== undefined && lacks.length > 0;
  return (
    a.problems.length + b.problems.length === 0 &&
    nodes.every(
      ({ facts, counters, flows_lack: flows, lacks: all }) =>
        !lacking(all) && !facts.some(({ lacks }) => lacking(lacks)) && !lacking(counters.lacks) && !lacking(flows),
    )
  );
}
