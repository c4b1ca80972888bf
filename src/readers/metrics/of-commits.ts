import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { LogRecord } from '../../model/daemon-log.js';
import { Failure } from '../../model/failure.js';
import { isAbsent } from '../../sources/followed-log.js';
import type { SourceOptions } from '../../sources/options.js';
import { lastCommits } from '../../sync/commits.js';
import { readDaemonLog } from '../daemon-log/daemon-log.js';
import type { MetricSet } from './metric-set.js';

/** Behind a commit there are a few lines a day; so many take little room. */
const MOST_RECORDS = 2000;

/** Whether there are commits, and a log that tells of them. */
export function logsCommits({ general, sync }: ConntrackdConf): boolean {
  return sync !== undefined && sync.disable_external_cache !== true && Boolean(general.log_file ?? general.syslog);
}

/**
 * The last commit of each table, by conntrackd's log; nothing where none is among its last records, or where there is no
 * log yet.
 *
 * @throws Failure where the log can't be read to its end
 */
export async function commitMetrics(options: SourceOptions, metrics: MetricSet): Promise<void> {
  for (const { table, committed, failed, seconds, at } of lastCommits(await lastRecords(options))) {
    metrics.add('conntrackd_commit_duration_seconds', seconds, { table });
    metrics.add('conntrackd_commit_entries', committed, { table, result: 'committed' });
    metrics.add('conntrackd_commit_entries', failed, { table, result: 'failed' });
    metrics.add('conntrackd_commit_timestamp_seconds', at === undefined ? undefined : Date.parse(at) / 1000, { table });
  }
}

async function lastRecords(options: SourceOptions): Promise<LogRecord[]> {
  const log: LogRecord[] = [];
  const flags = { limit: MOST_RECORDS, follow: false, stats: false };
  const stream = await readDaemonLog(flags, options, () => undefined).catch(orNoLog);
  if (stream === undefined) return log;
  for await (const records of stream.batches()) log.push(...records);
  const { failure } = stream.verdict();
  if (failure) throw failure;
  return log;
}

/** A daemon that was never started has none. */
function orNoLog(error: unknown): undefined {
  if (!(error instanceof Failure && isAbsent(error.cause))) throw error;
}
