import type { DumpVerdict } from './dump.js';
import type { FlowRow } from './flow-row.js';

/** How far a reading has come. */
export interface ReadingProgress {
  /** Flows read from the tool so far; where the tool selects, those that it has found. */
  flows: number;
  /** About how many there are to read; absent where that is not known beforehand. */
  of?: number;
  /** How much of all is read, from 0 to 1; above 1 where more came than was expected. Absent where that is not known. */
  share?: number;
}

/** Flows on their way from a tool to a page. */
export interface FlowStream {
  /**
   * The flows in batches, none of them empty. To be iterated once; the rows of a batch stand until the next one is asked
   * for. To stop early ends the tool.
   */
  batches(): AsyncIterable<FlowRow[]>;
  /** How far the reading has come; may be asked at any time. */
  progress(): ReadingProgress;
  /** What is known once the batches have ended. */
  verdict(): DumpVerdict;
}

/** Shows how far a long reading has come: given the flows, gives those to be read. */
export type Follow = (flows: FlowStream) => FlowStream;
