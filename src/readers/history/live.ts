import { Failure } from '../../model/failure.js';
import { LoggedTransitions } from '../../parsers/syslog-transition.js';
import { UNASKED } from '../../sources/files.js';
import { type SourceOptions, transitionFiles } from '../../sources/options.js';
import { liveSyslog } from '../daemon-log/live.js';
import { LogReading } from '../daemon-log/log-reading.js';
import { logQuestion } from '../daemon-log/question.js';
import { recordOf, type WholeHistory } from './record.js';

/** The history of this host, or of another one that is asked. */
export async function liveHistory(options: SourceOptions): Promise<WholeHistory> {
  const [file] = transitionFiles(options.place);
  const text = await recordedText(options);
  if (text === undefined) return syslogHistory(options);
  const { transitions, unreadable } = recordOf(text);
  const failure = unreadable === 0 ? undefined : damaged(file, unreadable);
  return {
    origin: { kind: 'record', path: file },
    transitions,
    unreadable,
    complete: failure === undefined,
    ...(failure ? { failure } : {}),
    notes: [],
  };
}

/**
 * Both files, the older first; undefined where there is neither. The one that the hook writes is read first: what is rotated
 * meanwhile is then there twice, and not missing.
 *
 * @throws Failure PERMISSION_DENIED or BAD_ANSWER where one is there and can't be read
 */
async function recordedText({ place }: SourceOptions): Promise<string | undefined> {
  const texts: string[] = [];
  for (const file of transitionFiles(place)) {
    const read = await place.readFile(file);
    if ('text' in read) texts.unshift(read.text);
    else if (read.unreadable.code !== 'ENOENT') throw closed(file, read.unreadable);
  }
  return texts.length === 0 ? undefined : texts.join('\n');
}

function closed(file: string, { code, reason }: { code: string; reason: string }): Failure {
  if (code === UNASKED) {
    return new Failure('NOT_IN_BUNDLE', `The record of transitions ${file} ${reason}.`, {
      next: 'Give the record itself: --from FILE.',
    });
  }
  const isClosed = code === 'EACCES' || code === 'EPERM';
  return new Failure(isClosed ? 'PERMISSION_DENIED' : 'BAD_ANSWER', `The record of transitions ${file} ${reason}.`, {
    next: isClosed
      ? 'Run ctsync as root, or let this user read the file.'
      : 'Look at the file, and at CTSYNC_STATE_DIR, which names the folder that it stands in.',
  });
}

function damaged(file: string, unreadable: number): Failure {
  const lines = unreadable === 1 ? 'One line' : `${unreadable} lines`;
  return new Failure('BAD_ANSWER', `${lines} of ${file} can't be read as transitions.`, {
    next: 'Somebody else has written to the file, or a newer ctsync; the other transitions are right.',
  });
}

/** What VyOS's hook logs: that there was a transition, and to which state. */
async function syslogHistory(options: SourceOptions): Promise<WholeHistory> {
  const [file] = transitionFiles(options.place);
  const now = options.place.clock.now().getTime();
  const question = logQuestion({ limit: 'all', follow: false, stats: false }, now);
  const logged = new LoggedTransitions();
  try {
    const log = new LogReading(await liveSyslog(question, options), question);
    for await (const records of log.batches()) {
      records.forEach((record) => logged.take(record));
    }
    const { complete, failure, notes } = log.verdict();
    const { kind, path } = log.origin;
    return {
      origin: { kind: 'syslog', ...(kind === 'journal' || path === undefined ? {} : { path }) },
      transitions: logged.transitions,
      unreadable: 0,
      ...(complete === undefined ? {} : { complete }),
      ...(failure ? { failure } : {}),
      notes: [noRecord(file), ...notes],
    };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
    throw nowhere(file, error);
  }
}

function nowhere(file: string, { code, message, next, toolSays }: Failure): Failure {
  const isClosed = code === 'PERMISSION_DENIED';
  const syslog = isClosed ? lowerFirst(message.replace(/\.$/, '')) : "this host's syslog can't be searched";
  const lines = '"ctsync show configuration hook" prints the lines by which keepalived calls ctsync\'s hook.';
  return new Failure(code, `No transition is recorded: ${file} does not exist, and ${syslog}.`, {
    next: isClosed && next !== undefined ? next : `${lines} What VyOS's hook has logged can be given to --from FILE.`,
    ...(toolSays === undefined ? {} : { toolSays }),
  });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function noRecord(file: string): string {
  return `${file} does not exist: ctsync's hook has recorded nothing here. Syslog tells of transitions without what became of them.`;
}
