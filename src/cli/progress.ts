import type { Sink } from '../renderers/sink.js';

/** What is quicker needs no progress. */
const PATIENCE_MS = 1000;
const REDRAW_MS = 200;
const USUAL_COLUMNS = 80;
const ERASED = '\r\u001b[K';

/** What to show after so many whole seconds, in so much room. */
export type ProgressText = (seconds: number, room: number) => string;

/**
 * How far something long has come: one line on stderr, where that is a terminal, from its first second until it has ended
 * or the first row is shown. It is drawn over, never erased first, so that it does not flicker.
 */
export class Progress {
  private readonly text: ProgressText;
  private readonly abort: AbortSignal;
  private readonly started = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private drawn = false;
  private readonly onAbort = (): void => this.end();

  constructor(text: ProgressText, abort: AbortSignal) {
    this.text = text;
    this.abort = abort;
    if (!process.stderr.isTTY || process.env['TERM'] === 'dumb' || abort.aborted) return;
    abort.addEventListener('abort', this.onAbort, { once: true });
    this.timer = setTimeout(() => {
      this.timer = setInterval(() => this.draw(), REDRAW_MS);
      this.draw();
    }, PATIENCE_MS);
  }

  /** The same sink, whose first write finds the line gone. */
  endedBefore(sink: Sink): Sink {
    return {
      write: (bytes) => {
        this.end();
        return sink.write(bytes);
      },
      columns: sink.columns,
      colour: sink.colour,
    };
  }

  /** Erases the line, for good. May be called again. */
  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.abort.removeEventListener('abort', this.onAbort);
    if (this.drawn) process.stderr.write(ERASED);
    this.drawn = false;
  }

  private draw(): void {
    const room = (process.stderr.columns || USUAL_COLUMNS) - 1;
    const seconds = Math.floor((performance.now() - this.started) / 1000);
    process.stderr.write(`\r${this.text(seconds, room)}\u001b[K`);
    this.drawn = true;
  }
}
