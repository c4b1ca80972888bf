import type { DaemonSign } from '../model/daemon-sign.js';

/** By what a restart was seen. */
export type RestartSign = 'process' | 'uptime' | 'events';

/**
 * Whether conntrackd was restarted between two readings, and by what that is seen: another process listens, its uptime
 * fell or rose by less than the time that has passed, or it has received fewer events than before. Its counters then began
 * again at 0, whatever they say. Undefined where nothing speaks for it; signs that are not known say nothing.
 *
 * @param seconds that lie between the readings at least, where that is known
 */
export function restartBetween(before: DaemonSign, now: DaemonSign, seconds = 0): RestartSign | undefined {
  if (isOther(before.process, now.process)) return 'process';
  if (isTooShort(before.uptime_seconds, now.uptime_seconds, seconds)) return 'uptime';
  return fell(before.events_received, now.events_received) ? 'events' : undefined;
}

function isOther(before: DaemonSign['process'], now: DaemonSign['process']): boolean {
  if (before === undefined || now === undefined) return false;
  return before.pid !== now.pid || before.start_ticks !== now.start_ticks;
}

/** Uptimes are cut to whole minutes, told by a clock that may be corrected, and a slow daemon shows them late. */
const UPTIME_SECONDS = 60 + 30;

function isTooShort(before: number | undefined, now: number | undefined, seconds: number): boolean {
  if (before === undefined || now === undefined) return false;
  return now < before || now - before < seconds - UPTIME_SECONDS;
}

function fell(before: number | bigint | undefined, now: number | bigint | undefined): boolean {
  return before !== undefined && now !== undefined && now < before;
}
