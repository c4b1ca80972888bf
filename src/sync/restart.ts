import type { DaemonSign } from '../model/daemon-sign.js';

/** By what a restart was seen. */
export type RestartSign = 'process' | 'uptime' | 'events';

/**
 * Whether conntrackd was restarted between two readings, and by what that is seen: another process listens, its uptime
 * fell, or it has received fewer events than before. Its counters then began again at 0, whatever they say. Undefined
 * where nothing speaks for it; signs that are not known say nothing.
 */
export function restartBetween(before: DaemonSign, now: DaemonSign): RestartSign | undefined {
  if (isOther(before.process, now.process)) return 'process';
  if (fell(before.uptime_seconds, now.uptime_seconds)) return 'uptime';
  return fell(before.events_received, now.events_received) ? 'events' : undefined;
}

function isOther(before: DaemonSign['process'], now: DaemonSign['process']): boolean {
  if (before === undefined || now === undefined) return false;
  return before.pid !== now.pid || before.start_ticks !== now.start_ticks;
}

function fell(before: number | bigint | undefined, now: number | bigint | undefined): boolean {
  return before !== undefined && now !== undefined && now < before;
}
