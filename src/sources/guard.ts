/**
 * Ends the waiting for a tool: after a silence that is too long, or when we are told to end. It holds until it is stopped.
 */
export class Guard {
  /** Settles, and never fails, once the waiting is over. */
  readonly fired: Promise<void>;
  /** Why the waiting is over; undefined while it is not. */
  cause: 'silence' | 'interrupted' | undefined;
  private readonly abort: AbortSignal | undefined;
  private readonly deadline: NodeJS.Timeout;
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
    this.deadline = setTimeout(() => this.waiting && this.fire('silence'), silenceMs);
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
    this.deadline.refresh();
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
