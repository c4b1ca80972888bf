import type { Failure } from './failure.js';

/** Which of conntrackd's two caches: what this node tracks, or what the peer has sent. */
export type CacheName = 'internal' | 'external';

/** The numbers under a table of flows. */
export interface DumpSummary {
  /**
   * Flows shown.
   * @asType integer
   */
  shown: number;
  /**
   * Flows that belong to the answer, shown or not; absent where reading ended at a limit.
   * @asType integer
   */
  matched?: number;
  /**
   * Flows read from the tool; absent where the tool itself selected flows and reports only those, and where reading ended
   * at a limit.
   * @asType integer
   */
  scanned?: number;
  /** Reading ended because as many flows as were asked for had been shown. */
  limited?: true;
  /**
   * Flows in the kernel's table of this network namespace, both families, with those that have expired and are not yet
   * removed; about what it was while the table was read. Absent for a capture.
   * @asType integer
   */
  table_size?: number;
  /**
   * Lines that could not be read as flows; they are not shown.
   * @asType integer
   */
  unreadable: number;
  /**
   * How long it took, in milliseconds.
   * @asType integer
   */
  elapsed_ms: number;
}

/** Whether connection tracking is at work where a table turned out empty. */
export type TrackingUse = 'in_use' | 'not_in_use' | 'not_loaded' | 'unknown';

/** What is known once a dump has ended. */
export interface DumpVerdict {
  summary: DumpSummary;
  /** Absent where it can't be known: a captured file without conntrack's summary line. */
  complete?: boolean;
  /** Why the dump is not complete. */
  failure?: Failure;
  /** Sentences that an operator should read with the table. */
  notes: string[];
  /** What is so of every such table that has flows, in sentences: said below it and in its document, and no warning. */
  remarks?: readonly string[];
  /** Only for an empty kernel table of this host. */
  tracking?: TrackingUse;
}
