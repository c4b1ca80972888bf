/** A timer that is later than this was not late by itself. */
const LATE_MS = 2000;

/**
 * Ends the waiting for a tool: after a silence that is too long, or when we are told to end. It holds until it is stopped.
 */
export class Guard {
  /** Settles, and never fails, once the waiting is over. */
  readonly fired: Promise<void>;
  /** Why the waiting is over; undefined while it is not. */
  cause: 'silence' | 'interrupted' | undefined;
  private readonly abort: AbortSignal | undefined;
  private readonly silenceMs: number;
  private readonly deadline: NodeJS.Timeout;
  /** When the tool was last heard, on the clock of `performance`. */
  private since = performance.now();
  private readonly onAbort = (): void => this.fire('interrupted');
  private readonly onFired: () => void;
  private waiting = true;

  /** @param onFired called once, when the waiting is over */
  constructor(silenceMs: number, abort: AbortSignal | undefined, onFired: () => void) {
    let settle = (): void => undefined;
    this.fired = new Promise((resolve) => (settle = resolve));
    this.onFired = () => {
      onFired();
      settle();
    };
    this.abort = abort;
    this.silenceMs = silenceMs;
    this.deadline = setTimeout(() => this.onSilence(), silenceMs);
    abort?.addEventListener('abort', this.onAbort);
    if (abort?.aborted) this.onAbort();
  }

  /** The tool has said something, and it is not it that is waited for now. */
  pause(): void {
    this.waiting = false;
  }

  /** The tool is waited for again, from now on. */
  resume(): void {
    this.waiting = true;
    this.rearm();
  }

  private rearm(): void {
    this.since = performance.now();
    this.deadline.refresh();
  }

  private onSilence(): void {
    // Late: we were stopped (Ctrl-Z), and the tool with us. Its time begins again.
    if (performance.now() - this.since > this.silenceMs + LATE_MS) this.rearm();
    else if (this.waiting) this.fire('silence');
  }

  stop(): void {
    clearTimeout(this.deadline);
    this.abort?.removeEventListener('abort', this.onAbort);
  }

  private fire(cause: 'silence' | 'interrupted'): void {
    if (this.cause !== undefined) return;
    this.cause = cause;
    this.onFired();
  }
}
