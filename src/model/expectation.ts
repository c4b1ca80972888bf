import type { Failure } from './failure.js';
import type { Family, Protocol, Tuple } from './flow.js';
import type { TrackingUse } from './dump.js';

/** What conntrack says in capitals about an expectation, in lower case. */
export type ExpectationFlag = 'permanent' | 'inactive' | 'userspace';

/**
 * A flow that a connection tracking helper waits for, because another flow (its master) announced it: the data connection
 * of FTP, the media of SIP (formats.md §5). A field that the tool did not print is absent.
 */
export interface Expectation {
  family: Family;
  /** Protocol of the expected flow; the master's may be another. conntrack prints its number only. */
  protocol: Protocol;
  /**
   * Seconds until the kernel forgets the expectation; absent in conntrackd's caches.
   * @asType integer
   */
  timeout?: number;
  /** The first packet that is expected, as far as the mask says. */
  tuple: Tuple;
  /** Which bits of the tuple must match: a port of 0 and an address of zeros mean any. The destination must match whole. */
  mask: Tuple;
  /** Original tuple of the flow that announced this one. */
  master: Tuple;
  /**
   * Connection tracking zone; absent means zone 0.
   * @asType integer
   */
  zone?: number;
  /** `permanent` stays when it was met; `inactive` is not looked at; `userspace` was made by a program. */
  flags: ExpectationFlag[];
  /**
   * The helper's own class of expectations; absent where there is no helper.
   * @asType integer
   */
  class?: number;
  /** Connection tracking helper that made the expectation. */
  helper?: string;
  /**
   * Seconds until the cache object is dropped, in conntrackd's caches.
   * @asType integer
   */
  expires_in?: number;
  /**
   * Seconds since the cache object was made, in conntrackd's caches; negative after a clock change.
   * @asType integer
   */
  active_since?: number;
  /**
   * When conntrack printed the line (`-o timestamp`), RFC 3339 UTC with microseconds.
   * @format date-time
   */
  printed_at?: string;
  /** Words of the line that ctsync does not know, as printed. */
  extra?: string[];
}

/** The numbers under a table of expectations. */
export interface ExpectationSummary {
  /**
   * Expectations shown.
   * @asType integer
   */
  shown: number;
  /**
   * Lines that could not be read as expectations; they are not shown.
   * @asType integer
   */
  unreadable: number;
  /**
   * How long it took, in milliseconds.
   * @asType integer
   */
  elapsed_ms?: number;
}

/** All expectations, and what is known about them as a whole. */
export interface ExpectationListing {
  expectations: Expectation[];
  summary: ExpectationSummary;
  /** Absent where it can't be known: a captured file without conntrack's summary line. */
  complete?: boolean;
  /** Why the listing is not complete. */
  failure?: Failure;
  /** Sentences that an operator should read with the table. */
  notes: string[];
  /** Only where connection tracking is not loaded. */
  tracking?: TrackingUse;
}
