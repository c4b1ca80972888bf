import type { DaemonSign } from '../../model/daemon-sign.js';
import { Failure } from '../../model/failure.js';
import { parseRuntime } from '../../parsers/runtime.js';
import type { SourceOptions } from '../../sources/options.js';
import { runtimeStatistics } from '../../sources/queries.js';
import { type RestartSign, restartBetween } from '../../sync/restart.js';
import { statisticsRates } from '../../sync/statistics-rates.js';
import { type Waiting, waitBetween } from '../between-readings.js';
import { askDaemon } from '../daemon.js';
import { processSign } from '../process-sign.js';
import type { StatisticsAnswer } from './answer.js';
import { failureIn } from './gathered-pages.js';
import { isLasting } from './live.js';

type Read = (options: SourceOptions) => Promise<StatisticsAnswer>;

/**
 * Reads the same statistics twice. The answer is that of the second reading, with what each counter grew by for each
 * second between them. Whether the daemon was restarted is asked before the first and after the second reading.
 *
 * @param seconds that lie between the beginnings of both readings
 * @throws Failure where a reading has no page at all, INTERRUPTED
 */
export async function readTwice(
  seconds: number,
  options: SourceOptions,
  read: Read,
  waiting: Waiting,
): Promise<StatisticsAnswer> {
  const signBefore = await signOf(options);
  const { clock } = options.place;
  const started = clock.sinceBoot();
  const before = await read(options);
  // A daemon that hangs is not to be asked again.
  if (hangs(before))
    return { ...before, notes: [...before.notes, 'There was no second reading, so there are no rates.'] };
  await waitBetween(started + seconds * 1000 - clock.sinceBoot(), options, waiting);
  const measured = (clock.sinceBoot() - started) / 1000;
  const now = await read(options);
  if (hangs(now)) return { ...now, notes: [...now.notes, 'The second reading is not whole, so there are no rates.'] };
  const signNow = await signOf(options).catch(failureIn);
  if (signNow instanceof Failure) {
    const note = 'Whether conntrackd was restarted between the two readings is not known, so there are no rates.';
    return { ...now, complete: false, failure: signNow, notes: [...now.notes, note], interval: { seconds: measured } };
  }
  const restart = restartBetween(signBefore, signNow);
  const { rates, notes } = restart
    ? { notes: [RESTARTED[restart]] }
    : statisticsRates(before.statistics, now.statistics, measured);
  const failure = now.failure ?? before.failure;
  return {
    ...now,
    ...(failure && { complete: false, failure }),
    notes: [...new Set([...now.notes, ...before.notes, ...notes])],
    interval: { seconds: measured },
    ...(rates && { rates }),
  };
}

const RESTARTED: Record<RestartSign, string> = {
  process: restarted('another process answers now'),
  uptime: restarted('its uptime fell'),
  events: restarted('it has received fewer events than before'),
};

function restarted(seen: string): string {
  return `conntrackd was restarted between the two readings (${seen}), and counts from 0 again: there are no rates.`;
}

function hangs({ failure }: StatisticsAnswer): boolean {
  return failure !== undefined && isLasting(failure);
}

/** What is known of the process depends on our rights. */
async function signOf(options: SourceOptions): Promise<DaemonSign> {
  const { uptime_seconds, netlink } = parseRuntime(await askDaemon(runtimeStatistics(options.query), options));
  return {
    ...(uptime_seconds !== undefined && { uptime_seconds }),
    ...(netlink.events_received !== undefined && { events_received: netlink.events_received }),
    ...(await processSign(options)),
  };
}
