import { Failure } from '../model/failure.js';
import { findTool } from '../sources/find-tool.js';
import { startViewer, type Viewer } from '../sources/process.js';
import { ReaderGone } from './output.js';
import type { PagerChoice } from './pager-choice.js';

/** What a pager tells its command. */
export interface PagerEvents {
  /** It has ended before it was given all: nobody reads any more. */
  onGone: () => void;
  /** Something to be said of it, now that the terminal is free. */
  warn: (text: string) => void;
}

/** A pager that runs: what is written goes to it at the pace at which the operator reads. */
export class Pager {
  private readonly viewer: Viewer;
  private readonly name: string;
  private closed = false;
  private gone = false;
  private terminated = false;
  private failure: Failure | undefined;
  private ending: Promise<void> | undefined;
  /** Settles once the pager has ended. */
  private readonly ended: Promise<void>;

  /** Starts a pager; undefined where it is not installed. */
  static start(choice: PagerChoice, events: PagerEvents): Pager | undefined {
    return findTool(choice.words[0]) === undefined ? undefined : new Pager(choice, events);
  }

  private constructor({ words, env, warning }: PagerChoice, { onGone, warn }: PagerEvents) {
    this.name = words.join(' ');
    this.viewer = startViewer(words, env);
    // Who quits early closes the other end; write() finds out by its callback.
    this.viewer.stdin.on('error', () => undefined);
    this.ended = this.viewer.ended.then((ending) => {
      this.gone = true;
      if (ending !== undefined && !this.terminated) this.failure = badEnding(this.name, ending);
      if (warning !== undefined) warn(warning);
      if (!this.closed) onGone();
    });
  }

  /**
   * Settles once the pager has taken the bytes.
   *
   * @throws ReaderGone where it has been quit
   */
  async write(bytes: Uint8Array | string): Promise<void> {
    const error = await new Promise<Error | null | undefined>((resolve) => {
      if (this.gone) resolve(new ReaderGone());
      else this.viewer.stdin.write(bytes, resolve);
    });
    if (error) throw new ReaderGone();
  }

  /**
   * There is nothing more to show: settles once the operator has quit.
   *
   * @throws ReaderGone where that was before the pager had all, Failure OUTPUT_FAILED where it has crashed
   */
  end(): Promise<void> {
    return (this.ending ??= this.close());
  }

  private async close(): Promise<void> {
    const early = this.gone;
    this.closed = true;
    this.viewer.stdin.end();
    await this.ended;
    if (this.failure) throw this.failure;
    if (early) throw new ReaderGone();
  }

  /** Ends the pager, which puts the terminal back as it was. */
  terminate(): void {
    this.terminated = true;
    this.viewer.terminate();
  }
}

function badEnding(name: string, ending: string): Failure {
  return new Failure('OUTPUT_FAILED', `The pager ${name} ended with ${ending}, so the page may not have been seen.`, {
    next: 'Name another one in PAGER, or add --no-pager.',
  });
}
