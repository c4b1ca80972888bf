import type { Counter } from './number.js';

/** What a monitoring plugin ends with: its words and its exit codes are those of the Monitoring Plugins guidelines. */
export type CheckStatus = 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';

/** Values that are well: all from `start` to `end`; or, where `inside` is set, all others. */
export interface Range {
  /** `-Infinity` where there is no lower limit. */
  start: number;
  /** `Infinity` where there is no upper limit. */
  end: number;
  /** The range alerts within itself. */
  inside: boolean;
  /** As written: `@10:20`. */
  text: string;
}

/** A figure that a check gives to be drawn and compared. */
export interface Metric {
  /** Without `=` and `'`. */
  name: string;
  value: Counter;
  /** `c`: a counter that only rises. Absent for a plain number. */
  unit?: 's' | '%' | 'B' | 'c';
  /** The largest that it can be. */
  max?: Counter;
}

/** What a check says. */
export interface CheckResult {
  /** In capitals: `CONNTRACK-SYNC`. */
  service: string;
  status: CheckStatus;
  /** Behind the status, in the first line. */
  message: string;
  metrics: readonly Metric[];
  /** Lines that follow the first one. */
  details: readonly string[];
}

/** The thresholds that an operator gave, by the names of metrics. */
export interface Thresholds {
  warning: ReadonlyMap<string, Range>;
  critical: ReadonlyMap<string, Range>;
}
