import type { Counter } from './number.js';

/**
 * How bad a finding is. `critical`: flows are lost now, or would be in a failover. `warning`: something is wrong and may
 * become so. `unknown`: what is asked can't be told. `information`: worth knowing, nothing wrong.
 */
export type Severity = 'critical' | 'warning' | 'unknown' | 'information';

/** A fact on which a finding rests. */
export interface Evidence {
  /** What it is: `Pckts recv on eth0`. */
  what: string;
  /** As it was read last. */
  value: Counter | string | boolean;
  /** As it was read in the first of two samples. */
  before?: Counter;
  /** Where it was read: a command line, a file. */
  from: string;
}

/** What is wrong on this node, or worth knowing. */
export interface Finding {
  /** Stable: `CTS-101`. docs/findings.md has its rule. */
  code: string;
  /** The same in words: `daemon-down`. */
  name: string;
  severity: Severity;
  /** What it is about, where there can be several: the name of a link, a queue, a sync group. */
  subject?: string;
  /** One sentence. */
  message: string;
  evidence: Evidence[];
  /** What to do, one sentence. */
  next: string;
}

/** A rule that could not be judged. */
export interface NotChecked {
  code: string;
  name: string;
  /** Half a sentence. */
  reason: string;
}

/** What is known of a node's health. */
export interface Health {
  /** The worst severity of the findings; `ok` where none is worse than information. */
  verdict: 'critical' | 'warning' | 'unknown' | 'ok';
  /** Worst first; in the order of their codes where they are equally bad. */
  findings: Finding[];
  /** In the order of their codes. */
  not_checked: NotChecked[];
  /** Seconds between the two samples that rates were judged by; absent where there was one. */
  sampled_seconds?: number;
}
