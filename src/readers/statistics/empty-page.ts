import type { DaemonPageName, DaemonPages, EmptyPages } from '../../model/daemon-pages.js';

type MayBeEmpty = keyof EmptyPages;

/** Why conntrackd has nothing for a page, and whether its other pages bear that out. */
export interface EmptyBecause {
  /** A few words. */
  reason: string;
  /** False where the pages that could tell are not known. */
  sure: boolean;
}

const NOT_SYNCED = 'only in sync modes';

/** Reasons by page, where nothing is known of the daemon. */
const REASONS: Record<MayBeEmpty, string> = {
  expect: 'ExpectationSync is off',
  network: NOT_SYNCED,
  link: NOT_SYNCED,
  queue: NOT_SYNCED,
  rsqueue: 'only in FTFW mode',
};

/** The pages that tell why one is empty, in the order in which they are asked for (formats.md §8). */
export function witnessesOf(page: DaemonPageName): readonly DaemonPageName[] {
  if (page === 'rsqueue') return ['main', 'queue'];
  return page === 'process' || mayBeEmpty(page) ? ['main'] : [];
}

/** Whether there are daemons that have nothing to say there. */
export function mayBeEmpty(page: DaemonPageName): page is MayBeEmpty {
  return page in REASONS;
}

/**
 * Why a page is empty. conntrackd does not say it, and prints nothing where it dies before it answers, either: its other
 * pages tell which it is.
 *
 * @param known its other pages, as far as they could be had
 * @returns undefined where by those it should not be empty
 */
export function emptyBecause(page: MayBeEmpty, known: Partial<DaemonPages>): EmptyBecause | undefined {
  if (countsOnly(known)) return { reason: page === 'rsqueue' ? REASONS.rsqueue : NOT_SYNCED, sure: true };
  const witness = page === 'rsqueue' ? known.queue : known.main;
  const sure = witness !== undefined;
  const excused = !sure || page === 'expect' || (page === 'rsqueue' && !hasResendQueue(known));
  return excused ? { reason: REASONS[page], sure } : undefined;
}

/** In statistics mode there is one cache, and nothing that has to do with a peer. */
export function countsOnly({ main }: Partial<DaemonPages>): boolean {
  return main?.caches.some(({ name }) => name === 'stats') ?? false;
}

/** The queue of that name is there in FTFW mode only. */
function hasResendQueue({ queue }: Partial<DaemonPages>): boolean {
  return queue?.queues.some(({ name }) => name === 'rsqueue') ?? false;
}
