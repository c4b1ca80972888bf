import type { DumpVerdict } from './dump.js';
import type { FlowRow } from './flow-row.js';

/** Flows on their way from a tool to a page. */
export interface FlowStream {
  /**
   * The flows in batches, none of them empty. To be iterated once; the rows of a batch stand until the next one is asked
   * for. To stop early ends the tool.
   */
  batches(): AsyncIterable<FlowRow[]>;
  /** Flows read from the tool so far, for the progress of a long reading. */
  scanned(): number;
  /** What is known once the batches have ended. */
  verdict(): DumpVerdict;
}
