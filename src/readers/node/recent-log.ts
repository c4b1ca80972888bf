import type { LogRecord, LogVerdict } from '../../model/daemon-log.js';
import { Failure } from '../../model/failure.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { readDaemonLog } from '../daemon-log/daemon-log.js';
import type { SourceOptions } from '../../sources/options.js';

/** What rules look at stands behind the last transition, the last start, or within so long. */
const LEAST_MS = 600_000;
const MARGIN_MS = 60_000;
/** A daemon logs a handful of lines a day; one that logs more than this since then has other troubles. */
const MOST_RECORDS = 20_000;

/** What is known of the log; or why it is not. */
export type RecentLog = Pick<NodeObservation, 'log' | 'logSince'> & { reason?: string };

/** What conntrackd has logged since the last transition or its last start. */
export async function recentLog(
  { conf, transition, runningSince }: Pick<NodeObservation, 'conf' | 'transition' | 'runningSince'>,
  readAt: Date,
  options: SourceOptions,
): Promise<RecentLog> {
  if (conf?.sync === undefined) return {};
  if (Number.isNaN(readAt.getTime())) return { reason: 'it is not known when it was recorded' };
  const times = [transition?.at === undefined ? NaN : Date.parse(transition.at), runningSince?.getTime() ?? NaN];
  const since = Math.min(readAt.getTime() - LEAST_MS, ...times.filter((time) => !Number.isNaN(time))) - MARGIN_MS;
  const flags = { since: new Date(since).toISOString(), limit: MOST_RECORDS, follow: false, stats: false };
  try {
    const log: LogRecord[] = [];
    const stream = await readDaemonLog(flags, options, () => undefined);
    for await (const records of stream.batches()) log.push(...records);
    return timed(log, since, stream.verdict());
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
    return { reason: error.message.replace(/\.$/, '') };
  }
}

function timed(log: LogRecord[], since: number, { summary, failure }: LogVerdict): RecentLog {
  if (failure) return { reason: failure.message.replace(/\.$/, '') };
  const first = log.find(({ at }) => at !== undefined)?.at;
  if (first === undefined && log.length > 0) return { reason: 'its times are not known' };
  // Where something stands before what was read, nothing is missing behind that.
  const isWhole = summary.earlier_bytes !== undefined && !summary.limited;
  const logSince = isWhole ? since : first === undefined ? undefined : Date.parse(first);
  return { log, ...(logSince === undefined ? {} : { logSince }) };
}
