import type { DaemonPageName, DaemonPages, EmptyPages, SyncStatistics } from '../../model/daemon-pages.js';
import { Failure } from '../../model/failure.js';
import { emptyBecause, mayBeEmpty } from './empty-page.js';
import { inOrder } from './pages.js';

type Parse = (text: string) => Partial<DaemonPages>;

/** Pages that come one by one. One that can't be had does not hide the others. */
export class GatheredPages {
  /** Why pages could not be had, the first one first. */
  readonly failures: Failure[] = [];
  private known: Partial<DaemonPages> = {};
  /** How a page is parsed that has nothing in it. */
  private readonly empty = new Map<keyof EmptyPages, Parse>();

  /** Whether nothing could be had. */
  get none(): boolean {
    return Object.keys(this.known).length === 0 && this.empty.size === 0;
  }

  /**
   * Takes a page, or notes why it can't be had.
   *
   * @throws what is no Failure, and INTERRUPTED
   */
  take(page: DaemonPageName, text: string, parse: Parse): void {
    if (text === '' && mayBeEmpty(page)) this.empty.set(page, parse);
    else this.attempt(() => (this.known = { ...this.known, ...parse(text) }));
  }

  /**
   * Notes a failure.
   *
   * @throws what is no Failure, and INTERRUPTED
   */
  fail(error: unknown): Failure {
    const failure = failureIn(error);
    this.failures.push(failure);
    return failure;
  }

  /** All that could be had, once no more is to come, and the empty pages whose reason no other page bears out. */
  gathered(): { statistics: SyncStatistics; unsure: EmptyPages } {
    const [empty, unsure]: [EmptyPages, EmptyPages] = [{}, {}];
    for (const [page, parse] of this.empty) {
      const because = emptyBecause(page, this.known);
      if (because === undefined) this.attempt(() => parse(''));
      else (because.sure ? empty : unsure)[page] = because.reason;
    }
    return { statistics: inOrder({ ...this.known, empty }), unsure };
  }

  private attempt(work: () => unknown): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }
}

/**
 * A failure that leaves the rest of an answer standing.
 *
 * @throws what is no Failure, and INTERRUPTED
 */
export function failureIn(error: unknown): Failure {
  if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
  return error;
}
