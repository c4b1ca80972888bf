import type { LogRecord } from '../model/daemon-log.js';
import type { Transition, TransitionState } from '../model/transition.js';

/** What VyOS's hook logs once it is called (vyos.md §4); the host's name is the hook's own word. */
const TRANSITION = /^(\S+) transitioning to (MASTER|BACKUP|FAULT) state for VRRP sync-group \[(.+)\]$/;

/** The transition that a line of syslog tells of; undefined where it tells of none. */
export function transitionOfLog({ at, at_text: written, message, truncated }: LogRecord): Transition | undefined {
  const [, host, to, group] = TRANSITION.exec(message) ?? [];
  if (truncated || host === undefined || group === undefined) return undefined;
  return {
    ...(at === undefined ? {} : { at }),
    ...(written === undefined ? {} : { at_text: written }),
    host,
    group,
    to: to as TransitionState,
  };
}
