import type { LogOrigin } from '../../model/daemon-log.js';
import { Failure } from '../../model/failure.js';
import type { LogTally } from '../../parsers/daemon-log.js';
import { LogClock } from '../../parsers/daemon-log/log-clock.js';
import { readLogLine, SYSLOG_NAME } from '../../parsers/daemon-log/log-line.js';
import type { TimeZone } from '../../parsers/time-zone.js';
import { unreadable } from '../../sources/files.js';
import { type BegunLog, followLog, type LogPiece } from '../../sources/followed-log.js';
import { type IsOld, type LogFile } from '../../sources/log-file.js';
import type { SourceOptions } from '../../sources/options.js';
import type { Place } from '../../sources/place.js';
import { rotatedLogs } from '../../sources/rotated-logs.js';
import type { LogQuestion } from './question.js';
import type { Earlier, Judgement, LogEnds, LogSource } from './source.js';

/** A time may be an hour earlier than it reads, where clocks were put back. */
const AMBIGUITY_MS = 3_600_000;

/** A log in a file that is open. */
export interface OpenLog {
  /** Undefined where there is none at the path yet. */
  file: LogFile | undefined;
  path: string;
  origin: LogOrigin;
  zone: TimeZone | undefined;
}

/** A log that lies in a file: what is wanted of it is looked for from its end. */
export function fileSource(
  log: OpenLog,
  question: LogQuestion,
  { abort, place }: Pick<SourceOptions, 'abort' | 'place'>,
): LogSource {
  const { file, path, origin, zone } = log;
  const { since, limit, follow } = question;
  const earlier: Earlier = { limited: false };
  async function* pieces(): AsyncGenerator<LogPiece> {
    let begun: BegunLog | undefined;
    if (file) {
      const start = await startOf(file, log, question, abort);
      earlier.bytes = start;
      earlier.limited = since === undefined && start > 0;
      begun = { file, position: start };
    }
    if (follow) yield* followLog(path, begun, abort);
    else if (begun) yield* upToItsEnd(begun, abort);
  }
  return {
    origin,
    ...(zone ? { zone } : {}),
    pieces: pieces(),
    // Where both are asked for, only the records themselves tell which are the last ones; what follows has no last one.
    keep: since === undefined || follow ? 'all' : limit,
    earlier: () => earlier,
    judge: (tally, ends) => judge(log, tally, { ...ends, since, start: earlier.bytes }, place),
  };
}

async function* upToItsEnd({ file, position }: BegunLog, abort: AbortSignal): AsyncGenerator<LogPiece> {
  try {
    for await (const chunk of file.chunks(position, file.size)) {
      if (abort.aborted) throw Failure.interrupted();
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

function startOf(
  file: LogFile,
  { origin, zone }: OpenLog,
  { since, limit, now }: LogQuestion,
  abort: AbortSignal,
): Promise<number> {
  if (since !== undefined) return file.startSince(olderThan(since - AMBIGUITY_MS, zone, now), abort);
  if (limit === 'all') return Promise.resolve(0);
  return file.startOfLast(limit, origin.kind === 'syslog' ? SYSLOG_NAME : undefined, abort);
}

/** Of lines alone, in no order. Lines of other programs in a syslog file have times, too, but are not worth to be read. */
function olderThan(instant: number, zone: TimeZone | undefined, now: number): IsOld {
  return (line) => {
    const record = readLogLine(line.toString('latin1'), new LogClock(zone, now));
    const at = record === undefined || record === 'other' ? undefined : record.at;
    return at === undefined ? undefined : Date.parse(at) < instant;
  };
}

/** What was read of a log. */
interface Extent extends LogEnds {
  since: number | undefined;
  /** Of the first byte. */
  start: number | undefined;
}

async function judge(log: OpenLog, tally: LogTally, extent: Extent, place: Place): Promise<Judgement> {
  const { path, origin } = log;
  const live = origin.kind !== 'capture';
  const notes = live ? [...(await notesOnBeginning(path, tally, extent, place)), ...notesOnZone(log, extent)] : [];
  if (tally.cut) return { complete: false, failure: cutLog(path, live), notes };
  return live ? { complete: true, notes } : { notes };
}

async function notesOnBeginning(
  path: string,
  tally: LogTally,
  { since, first, start }: Extent,
  place: Place,
): Promise<string[]> {
  const beginsLater = since !== undefined && first !== undefined && Date.parse(first.at!) > since;
  const nothing = tally.own + tally.unreadable === 0;
  return start === 0 && (beginsLater || nothing) ? notesOnRotated(path, first?.at, place) : [];
}

/** Zones differ by quarters of an hour. */
const QUARTER_MS = 900_000;
/** Clocks of two zones are never further apart: 26 hours. */
const MOST_QUARTERS = 104;
const CLOSE_MS = 5000;

/**
 * conntrackd's last message is as old as its file: where they differ by what zones differ by, it wrote in another zone
 * than is taken for it, which a daemon that has ended can't be asked any more.
 */
function notesOnZone({ file, origin, path }: OpenLog, { last }: Extent): string[] {
  if (file === undefined || origin.kind !== 'file' || last?.at_ambiguous || last?.at === undefined) return [];
  const difference = Math.abs(file.written.getTime() - Date.parse(last.at));
  const quarters = Math.round(difference / QUARTER_MS);
  if (quarters === 0 || quarters > MOST_QUARTERS || Math.abs(difference - quarters * QUARTER_MS) > CLOSE_MS) return [];
  const written = file.written.toISOString().replace(/\.\d+/, '');
  return [
    `The last time in ${path} is ${last.at} if its zone is ${origin.timezone}, but the file was written at ${written}: name the zone that conntrackd ran in with --timezone ZONE.`,
  ];
}

async function notesOnRotated(path: string, first: string | undefined, place: Place): Promise<string[]> {
  const [newest, ...others] = await rotatedLogs(path, place);
  if (newest === undefined) return [];
  const begins = first === undefined ? `${path} is empty` : `${path} begins at ${first}`;
  const more = others.length === 0 ? '' : ` and ${others.length} more like it`;
  const read = newest.endsWith('.gz') ? `zcat ${newest} | ctsync show log conntrack-sync --from -` : `--from ${newest}`;
  return [`${begins}; what was logged before is in ${newest}${more}: ${read}`];
}

/** A log whose last line has no end. */
export function cutLog(name: string, live: boolean): Failure {
  return new Failure('DUMP_INCOMPLETE', `${name} ends in the middle of a line; that line is shown as far as it goes.`, {
    next: live ? 'Run it again: conntrackd was writing, or had no room on the disk.' : 'Capture it again.',
  });
}

/** A log that can't be read, for another reason than our rights. */
export function unreadableLog(path: string, error: unknown): Failure {
  const { code, reason } = unreadable(error);
  return new Failure('LOG_UNREADABLE', `conntrackd's log ${path} ${reason}.`, {
    next:
      code === 'ENOENT'
        ? 'conntrackd makes it when it starts: look whether it runs with this configuration (--daemon-config FILE).'
        : 'Look at the file, and at LogFile in the configuration (--daemon-config FILE).',
    cause: error,
  });
}
