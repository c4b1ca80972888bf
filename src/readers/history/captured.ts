import { Failure } from '../../model/failure.js';
import type { Transition } from '../../model/transition.js';
import { DaemonLogParser } from '../../parsers/daemon-log.js';
import { LogClock } from '../../parsers/daemon-log/log-clock.js';
import { recognise } from '../../parsers/recognise.js';
import { LoggedTransitions } from '../../parsers/syslog-transition.js';
import { readCapture } from '../../sources/capture.js';
import type { SourceOptions } from '../../sources/options.js';
import { recordOf, type WholeHistory } from './record.js';

const READS =
  "This command reads transitions.ndjson of ctsync's hook, or syslog lines of VyOS's (journalctl -t conntrack-tools).";

/**
 * A captured record, or a captured syslog; stdin where the path is `-`.
 *
 * @throws Failure CAPTURE_UNREADABLE, and BAD_CAPTURE where it is something else
 */
export async function capturedHistory(path: string, options: SourceOptions): Promise<WholeHistory> {
  const { name, text } = await readCapture(path, options.abort);
  const { transitions, unreadable } = recordOf(text);
  const origin = { kind: 'capture', ...(path === '-' ? {} : { path }) } as const;
  if (transitions.length > 0) {
    const failure = unreadable === 0 ? undefined : damaged(name, unreadable);
    const ending = failure === undefined ? {} : { complete: false, failure };
    return { origin, transitions, unreadable, ...ending, notes: [] };
  }
  const told = transitionsInLog(text);
  if (told === undefined && text.trim() !== '') throw somethingElse(name, text);
  return { origin, transitions: told ?? [], unreadable: 0, notes: [] };
}

/** The transitions that a captured log tells of; undefined where it is no log. */
function transitionsInLog(text: string): Transition[] | undefined {
  const parser = new DaemonLogParser(new LogClock(undefined));
  const records = [...parser.push(Buffer.from(text)), ...parser.end()];
  if (parser.tally.own + parser.tally.others === 0) return undefined;
  const logged = new LoggedTransitions();
  records.forEach((record) => logged.take(record));
  return logged.transitions;
}

function damaged(name: string, unreadable: number): Failure {
  const lines = unreadable === 1 ? 'One line' : `${unreadable} lines`;
  return new Failure('BAD_CAPTURE', `${lines} of ${name} can't be read as transitions.`, { next: READS });
}

function somethingElse(name: string, text: string): Failure {
  const looksLike = recognise(text);
  const message = looksLike === undefined ? 'holds no transitions' : `looks like ${looksLike}`;
  return new Failure('BAD_CAPTURE', `${name} ${message}.`, { next: READS });
}
