import type { DumpSummary } from './dump.js';
import type { FailureReport } from './failure.js';
import type { Flow } from './flow.js';

/** Where and when an answer was read. */
export interface Origin {
  /** Name of the host; absent for a capture. */
  host?: string;
  /**
   * When reading began, RFC 3339 UTC; absent for a capture.
   * @format date-time
   */
  collected_at?: string;
  /** `live`: this host, now. `capture`: a file or stdin. `bundle`: a support bundle, or a report of sos. */
  source: 'live' | 'capture' | 'bundle';
}

/** What ends every document that answers. */
export interface Ending {
  /** Whether this is the whole answer; absent where it can't be known. */
  complete?: boolean;
  /** Why it is not. */
  error?: FailureReport;
}

/** The same with what should be read beside the answer. */
export interface NotedEnding extends Ending {
  /** Sentences that an operator should read with the answer. */
  notes?: string[];
}

/** A table of flows. The summary comes after the flows, which are streamed. */
export interface FlowListing extends Origin, Ending {
  flows: Flow[];
  summary: DumpSummary;
  /** Sentences that an operator should read with the table. */
  notes?: string[];
}
