import type { FailureReport } from './failure.js';
import type { MetricName } from './metric-families.js';

/** A counter with its exact digits, or a time in seconds, which may have a fraction. */
export type MetricValue = number | bigint;

/** One figure of a family. */
export interface MetricSample {
  /** Never an address, a port or a flow's id: the number of label sets stays small however many flows there are. */
  labels: Record<string, string>;
  value: MetricValue;
}

/** All figures of one name. */
export interface MetricFamily {
  /** As Prometheus has it: with the `_total` of a counter. */
  name: MetricName;
  /** In their order; never two with the same labels. */
  samples: MetricSample[];
}

/** What became of one collector: a part of the metrics that is read by itself, and can fail by itself. */
export interface CollectorOutcome {
  collector: CollectorName;
  /** Whether all that it reads is there. Where it is not, none of its metrics is. */
  success: boolean;
  /** How long it took, in seconds; absent where it was not asked, and for a capture. */
  seconds?: number;
  /** Why it failed; absent where it was not asked after another one had failed in its place. */
  error?: FailureReport;
}

/** The parts that metrics are read in, each by itself. */
export type CollectorName =
  | 'table'
  | 'counters'
  | 'flows'
  /** From here on, a page of conntrackd each. */
  | 'runtime'
  | 'cache'
  | 'network'
  | 'link'
  | 'queue'
  | 'process'
  | 'expect'
  /** From here on, what the node is in the pair. */
  | 'config'
  | 'role'
  | 'transition'
  /** By conntrackd's log. */
  | 'commit'
  /** The verdicts of the checks, by what the others have read. */
  | 'check';

/** All of them, in the order in which they are told. */
export const COLLECTORS: readonly CollectorName[] = [
  ...(['table', 'counters', 'flows'] as const),
  ...(['runtime', 'cache', 'network', 'link', 'queue', 'process', 'expect'] as const),
  ...(['config', 'role', 'transition', 'commit', 'check'] as const),
];

/** All metrics of this node, in the order of their catalogue, and how they came about. */
export interface Metrics {
  families: MetricFamily[];
  /** Those that were asked for; of a capture, those whose files are in it. */
  collectors: CollectorOutcome[];
}
