import type { Sink } from '../renderers/sink.js';

/** Where an answer goes. */
export interface Outlet extends Sink {
  /** Whether anything was written yet. */
  readonly started: boolean;
  /** Whether a pager has the terminal: what Ctrl-C means there is then its business, too. */
  readonly paging: boolean;
  /**
   * Nothing more is to come: settles once all is shown and nobody else has the terminal, so that errors and warnings can
   * be. May be called again.
   *
   * @throws ReaderGone where the answer was left early, or Failure OUTPUT_FAILED
   */
  end(): Promise<void>;
  /** Ends whatever shows the answer: we were told to end. */
  terminate(): void;
}
