import type { LogRecord } from '../model/daemon-log.js';

/** What became of one commit of an external cache to the kernel. */
export interface Commit {
  /** Which of conntrackd's two kinds of caches: of flows, or of expectations. */
  table: 'conntrack' | 'expect';
  committed: number;
  /** Those that the kernel did not take. */
  failed: number;
  seconds: number;
  /** When it ended, RFC 3339 UTC; absent where the log does not tell. */
  at?: string;
}

/**
 * The last commit that has ended, of each table that there was one of. conntrackd logs three lines for each at its end
 * (formats.md §11): how many were committed, how many were not where there are any, and how long it took.
 *
 * @param log the oldest first
 */
export function lastCommits(log: readonly LogRecord[]): Commit[] {
  const last = new Map<Commit['table'], Commit>();
  let told: Pick<Commit, 'table' | 'committed' | 'failed'> | undefined;
  for (const { event, at } of log) {
    if (event?.type === 'committed') told = { table: tableOf(event), committed: countOf(event), failed: 0 };
    else if (event?.type === 'commit_failed' && told) told.failed = countOf(event);
    else if (event?.type === 'commit_started') told = undefined;
    else if (event?.type === 'commit_took' && told) {
      last.set(told.table, { ...told, seconds: event.seconds ?? 0, ...(at === undefined ? {} : { at }) });
      told = undefined;
    }
  }
  return [...last.values()];
}

function tableOf({ expectations }: { expectations?: number }): Commit['table'] {
  return expectations === undefined ? 'conntrack' : 'expect';
}

function countOf({ flows, expectations }: { flows?: number; expectations?: number }): number {
  return flows ?? expectations ?? 0;
}
