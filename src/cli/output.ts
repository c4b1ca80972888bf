import { Failure } from '../model/failure.js';
import type { Outlet } from './outlet.js';

/** Thrown into a renderer when nobody reads the output any more (`| head`): the command ends quietly. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** How long the last words may take once we were told to end. */
const FAREWELL_MS = 500;
/** The yardstick of every page. */
const USUAL_COLUMNS = 80;

/** stdout, with back-pressure, a closed pipe and a full disk told apart. */
export class Output implements Outlet {
  readonly paging = false;
  readonly colour: boolean;
  private readonly abort: AbortSignal;
  private error: Error | undefined;
  private written = false;

  constructor(colour: boolean, abort: AbortSignal) {
    this.colour = colour;
    this.abort = abort;
    // oclif's listener throws what is no EPIPE, out of reach of every catch.
    process.stdout.removeAllListeners('error');
    process.stdout.on('error', (error: NodeJS.ErrnoException) => (this.error ??= outputError(error)));
  }

  /** Whether anything was written yet. */
  get started(): boolean {
    return this.written;
  }

  get columns(): number | undefined {
    // A serial console, or a terminal behind `docker exec -t`, reports no columns at all: 0.
    return process.stdout.isTTY ? process.stdout.columns || USUAL_COLUMNS : undefined;
  }

  /**
   * Settles once the bytes have left the process: the reader sets the pace, and nothing piles up here.
   *
   * @throws ReaderGone; Failure OUTPUT_FAILED; Failure INTERRUPTED where we were told to end and the reader does not
   *   take the bytes: they are still on their way, so they must not change, and nothing may follow them
   */
  async write(bytes: Uint8Array | string): Promise<void> {
    this.throwIfBroken();
    this.written = true;
    await this.orGiveUp(
      new Promise((resolve) => {
        process.stdout.write(bytes, (error) => {
          if (error) this.error ??= outputError(error);
          resolve();
        });
      }),
    );
    this.throwIfBroken();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  terminate(): void {
    // Nobody else shows what was written.
  }

  private throwIfBroken(): void {
    if (this.error) throw this.error;
  }

  /** A reader that has stopped reading must not keep us alive once we were told to end. */
  private orGiveUp(written: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      let farewell: NodeJS.Timeout | undefined;
      const giveUp = (): void => {
        this.error ??= Failure.interrupted();
        resolve();
      };
      const onAbort = (): void => {
        farewell = setTimeout(giveUp, FAREWELL_MS).unref();
      };
      if (this.abort.aborted) onAbort();
      else this.abort.addEventListener('abort', onAbort, { once: true });
      void written.then(() => {
        clearTimeout(farewell);
        this.abort.removeEventListener('abort', onAbort);
        resolve();
      });
    });
  }
}

/** What a failed write means: that nobody reads any more, or that the output is lost. */
export function outputError(error: NodeJS.ErrnoException): Error {
  if (error.code === 'EPIPE') return new ReaderGone();
  const reason = error.code === 'ENOSPC' ? 'no space is left on the device' : (error.code ?? error.message);
  return new Failure('OUTPUT_FAILED', `The output could not be written: ${reason}.`, {
    next: 'What was written so far is not the whole answer. Make room, or write it elsewhere.',
    cause: error,
  });
}
