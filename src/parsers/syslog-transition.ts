import type { LogRecord } from '../model/daemon-log.js';
import type { Transition, TransitionState } from '../model/transition.js';

/** What VyOS's hook logs once it is called (vyos.md §4); the host's name is the hook's own word. */
const TRANSITION = /^(\S+) transitioning to (MASTER|BACKUP|FAULT) state for VRRP sync-group \[(.+)\]$/;

/** What it logs of a request that conntrackd did not take, and goes on. */
const REFUSED = /^ERROR: failed to invoke conntrackd /;

/** The transitions that syslog tells of, line by line. Of what became of one it tells only that a request failed. */
export class LoggedTransitions {
  readonly transitions: Transition[] = [];

  take(record: LogRecord): void {
    const transition = transitionOfLog(record);
    const last = this.transitions.at(-1);
    if (transition !== undefined) this.transitions.push(transition);
    else if (last !== undefined && REFUSED.test(record.message)) last.result = 'failed';
  }
}

/** The transition that a line of syslog tells of; undefined where it tells of none. */
function transitionOfLog({ at, at_text: written, message, truncated }: LogRecord): Transition | undefined {
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
