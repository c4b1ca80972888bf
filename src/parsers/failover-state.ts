import type { FailoverState, FailoverStateName } from '../model/failover-state.js';
import { Failure } from '../model/failure.js';
import { instantOf } from './failover-state/time.js';

const STATES: ReadonlySet<string> = new Set<FailoverStateName>([
  ...(['MASTER', 'BACKUP', 'FAULT', 'STOP', 'DELETED', 'UNKNOWN'] as const),
]);

// A record is one short line; of anything larger no more than this is looked at.
const LONGEST_RECORD = 512;

/**
 * Reads the record of the last transition: `STATE at TIME`, in the first line. TIME is RFC 3339, or what `date` prints
 * (VyOS's hook). Undefined where the file is empty: there was no transition yet.
 *
 * @param path where the record stands, for the sentence of the failure
 * @throws Failure `BAD_ANSWER` where the first line is no such record
 */
export function parseFailoverState(text: string, path: string): FailoverState | undefined {
  const [line = ''] = text.slice(0, LONGEST_RECORD).split(/\r?\n/, 1);
  if (text.length <= LONGEST_RECORD && text.trim() === '') return undefined;
  const [, state = '', at = ''] = /^(\S+) at (\S.*)$/s.exec(line.trimEnd()) ?? [];
  if (!isState(state) || line.length === LONGEST_RECORD || /\p{Cc}/u.test(at)) throw notARecord(path);
  const instant = instantOf(at);
  return { state, ...(instant === undefined ? {} : { at: instant.toISOString() }), at_text: at };
}

function isState(text: string): text is FailoverStateName {
  return STATES.has(text);
}

function notARecord(path: string): Failure {
  return new Failure('BAD_ANSWER', `${path} does not record a transition: its first line is not \`STATE at TIME\`.`, {
    next: 'Look at the file and at the script that keepalived calls; the next transition writes it anew.',
  });
}
