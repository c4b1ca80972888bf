import { Failure } from '../../model/failure.js';
import type { LogOrigin } from '../../model/daemon-log.js';
import { SYSLOG_NAME } from '../../parsers/daemon-log/log-line.js';
import type { TimeZone } from '../../parsers/time-zone.js';
import { unreadable } from '../../sources/files.js';
import { isAbsent } from '../../sources/followed-log.js';
import type { SourceOptions } from '../../sources/options.js';
import { existsAt, type Place } from '../../sources/place.js';
import { askTool } from '../../sources/process.js';
import { journalProbe } from '../../sources/queries.js';
import { succeeded, toolFailure } from '../tool-failure.js';
import { fileSource, unreadableLog } from './file-source.js';
import { type LogPlace, placeOfLog } from './place.js';
import { journalSource, privilegedFile, remoteFile } from './privileged-log.js';
import type { LogQuestion } from './question.js';
import type { LogSource } from './source.js';
import { notesOnWriter, writerOf, ZONE_UNKNOWN } from './writer.js';
import { zoneOf } from './zone.js';

/** What syslog's daemons write where there is no journal. */
export const SYSLOG_FILES = ['/var/log/syslog', '/var/log/messages'] as const;

/** The log of this host's conntrackd, wherever its configuration says that it is. */
export async function liveLog(question: LogQuestion, options: SourceOptions): Promise<LogSource> {
  const { place } = options;
  const found = await placeOfLog(question.name, options);
  try {
    return await sourceAt(found, question, options);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'NOT_IN_BUNDLE') throw error;
    throw notKept(found, place);
  }
}

async function sourceAt({ path, socket }: LogPlace, question: LogQuestion, options: SourceOptions): Promise<LogSource> {
  const { place } = options;
  const writer = await writerOf(socket, place);
  const zone = question.zone ?? (await zoneOf(writer, place));
  const source =
    path === undefined
      ? await syslogSource(question, zone, options)
      : await openedSource({ kind: 'file', path }, question, zone, options);
  const onZone = zone === undefined && source.origin.kind !== 'journal' ? [ZONE_UNKNOWN] : [];
  const onWriter = path === undefined ? [] : await notesOnWriter(writer, path, place);
  return { ...source, notes: [...(source.notes ?? []), ...onZone, ...onWriter] };
}

function notKept({ path }: LogPlace, { name = 'It' }: Place): Failure {
  const which = path === undefined ? 'what conntrackd wrote to syslog' : `conntrackd's log ${path}`;
  return new Failure('NOT_IN_BUNDLE', `${name} does not hold ${which}.`, {
    next: 'Give the log itself: --from FILE.',
  });
}

/** What syslog keeps of conntrackd and of the scripts that call it, whatever conntrackd's own log is. */
export async function liveSyslog(question: LogQuestion, options: SourceOptions): Promise<LogSource> {
  return syslogSource(question, question.zone ?? (await zoneOf(undefined, options.place)), options);
}

type PathOrigin = LogOrigin & { path: string };

async function openedSource(
  place: PathOrigin,
  question: LogQuestion,
  zone: TimeZone | undefined,
  options: SourceOptions,
): Promise<LogSource> {
  const { path } = place;
  const origin = { ...place, ...(zone ? { timezone: zone.name } : {}) };
  if (options.place.openLog === undefined) {
    return { ...(await remoteFile(path, origin, question, options)), ...(zone ? { zone } : {}) };
  }
  try {
    const file = await options.place.openLog(path);
    return fileSource({ file, path, origin, zone }, question, options);
  } catch (error) {
    if (isAbsent(error) && question.follow) {
      const notes = [`${path} does not exist yet: it is waited for.`];
      return { ...fileSource({ file: undefined, path, origin, zone }, question, options), notes };
    }
    if (!['EACCES', 'EPERM'].includes(unreadable(error).code)) throw unreadableLog(path, error);
    return { ...privilegedFile(path, origin, question, options), ...(zone ? { zone } : {}) };
  }
}

async function syslogSource(
  question: LogQuestion,
  zone: TimeZone | undefined,
  options: SourceOptions,
): Promise<LogSource> {
  if (!(await hasJournal(options.place))) return syslogFile(question, zone, options);
  const probe = journalProbe(SYSLOG_NAME, options.query);
  const answer = await askTool(options.place.command(probe), options.abort);
  if (answer.spawnError === 'ENOENT') return syslogFile(question, zone, options);
  const closed = /insufficient permissions|not seeing messages from other users/i.test(answer.stderr);
  if (!succeeded(answer) && !closed) throw toolFailure(probe, answer, options);
  return journalSource(question, closed, options);
}

async function syslogFile(
  question: LogQuestion,
  zone: TimeZone | undefined,
  options: SourceOptions,
): Promise<LogSource> {
  for (const path of SYSLOG_FILES) {
    if (await existsAt(options.place, path)) return openedSource({ kind: 'syslog', path }, question, zone, options);
  }
  throw new Failure(
    'LOG_UNREADABLE',
    `conntrackd logs to syslog, and neither a journal nor ${SYSLOG_FILES.join(' nor ')} is here.`,
    { next: 'Capture what your syslog daemon keeps of it and give it to --from FILE, or set LogFile in General.' },
  );
}

/** Where journald writes: on the disk, or in memory. */
const JOURNALS = ['/var/log/journal', '/run/log/journal'] as const;

/** Whether there is a journal of any machine, readable or not: journalctl itself does not always say that there is none. */
async function hasJournal(place: Place): Promise<boolean> {
  for (const folder of JOURNALS) {
    for (const name of (await place.namesIn(folder)) ?? []) {
      const found = await place.look(`${folder}/${name}`);
      if ('kind' in found && found.kind === 'folder') return true;
    }
  }
  return false;
}
