import type { Counter } from './number.js';

/** What a monitoring plugin ends with: its words and its exit codes are those of the Monitoring Plugins guidelines. */
export type CheckStatus = 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';

/** The same as exit codes. */
export const CHECK_CODES: Readonly<Record<CheckStatus, number>> = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 };

/** The checks, as they are typed, and what each line of them begins with. */
export const CHECK_SERVICES = { 'conntrack-sync': 'CONNTRACK-SYNC', conntrack: 'CONNTRACK' } as const;

/** A check as it is typed. */
export type CheckName = keyof typeof CHECK_SERVICES;

/** The schema of what a check says as JSON. */
export const CHECK_SCHEMA = 'ctsync/check/1';

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
  /**
   * A share in per cent has decimals.
   * @asType number
   */
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

/** Something that keeps what would be well from being known to be: UNKNOWN, unless something is worse. */
export interface Doubt {
  /** One sentence. */
  message: string;
  /** What to do about it. */
  next?: string | undefined;
}

/** What a check has to say beside what it judges. */
export interface Beside {
  /** Sentences that an operator should know, and that change nothing. */
  notes?: readonly string[];
  doubts?: readonly Doubt[];
}

/** Where an operator gave none. */
export const NO_THRESHOLDS: Thresholds = { warning: new Map(), critical: new Map() };
