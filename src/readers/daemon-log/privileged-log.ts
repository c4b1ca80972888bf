import type { LogOrigin } from '../../model/daemon-log.js';
import { Failure } from '../../model/failure.js';
import { SYSLOG_NAME } from '../../parsers/daemon-log/log-line.js';
import { NOT_REGULAR, systemError } from '../../sources/files.js';
import type { SourceOptions } from '../../sources/options.js';
import { asRoot } from '../../sources/privilege.js';
import { startTool } from '../../sources/process.js';
import { followedLog, journal, lastOfLog, wholeLog } from '../../sources/queries.js';
import type { ToolCommand } from '../../sources/tool.js';
import { howToAllow, succeeded, sudoRefused, toolFailure } from '../tool-failure.js';
import { cutLog, unreadableLog } from './file-source.js';
import type { LogQuestion } from './question.js';
import type { LogSource } from './source.js';

/**
 * A log file that is closed to us: conntrackd makes it for root alone (formats.md §11).
 *
 * @throws Failure PERMISSION_DENIED where sudo may not be tried
 */
export function privilegedFile(
  path: string,
  origin: LogOrigin,
  question: LogQuestion,
  options: SourceOptions,
): Omit<LogSource, 'zone'> {
  const { place } = options;
  const command = printing(path, question, options);
  const closed = new Failure('PERMISSION_DENIED', `conntrackd's log ${path} is closed to ${place.userName}.`, {
    next: place.isRoot
      ? 'Root is refused here: look at the mount and at the security policy of the machine.'
      : howToAllow(command, { place }),
  });
  if (!options.sudo || place.isRoot) throw closed;
  return printedLog(path, origin, question, outputOf(asRoot(command, place), command, closed, options));
}

/**
 * A log file of another machine: it is printed there, and looked through here.
 *
 * @throws Failure LOG_UNREADABLE; PERMISSION_DENIED where sudo may not be tried
 */
export async function remoteFile(
  path: string,
  origin: LogOrigin,
  question: LogQuestion,
  options: SourceOptions,
): Promise<Omit<LogSource, 'zone'>> {
  const found = await options.place.look(path);
  const absent = 'code' in found && !question.follow;
  if (absent || ('kind' in found && found.kind !== 'file')) {
    throw unreadableLog(path, systemError('code' in found ? found.code : NOT_REGULAR));
  }
  if ('kind' in found && !found.readable) return privilegedFile(path, origin, question, options);
  const command = lastLines(path, origin, question, options) ?? printing(path, question, options);
  const failed = new Failure('LOG_UNREADABLE', `conntrackd's log ${path} can't be read.`);
  return printedLog(path, origin, question, outputOf(command, command, failed, options));
}

/** Where the last records are wanted of a file that nobody else writes to: one more tells whether there are more. */
function lastLines(
  path: string,
  { kind }: LogOrigin,
  { follow, since, limit }: LogQuestion,
  { query }: SourceOptions,
): ToolCommand | undefined {
  if (kind !== 'file' || follow || since !== undefined || limit === 'all') return undefined;
  return lastOfLog(path, limit + 1, query);
}

function printing(path: string, { follow, since, limit }: LogQuestion, { query }: SourceOptions): ToolCommand {
  return follow ? followedLog(path, since === undefined ? limit : 'all') : wholeLog(path, query);
}

function printedLog(
  path: string,
  origin: LogOrigin,
  { follow, limit }: LogQuestion,
  pieces: AsyncIterable<Buffer>,
): Omit<LogSource, 'zone'> {
  return {
    origin,
    pieces,
    keep: follow ? 'all' : limit,
    judge: (tally) =>
      Promise.resolve(tally.cut ? { complete: false, failure: cutLog(path, true) } : { complete: true }),
  };
}

/**
 * What the journal has of conntrackd.
 *
 * @param closed whether it shows us less than root
 * @throws Failure PERMISSION_DENIED where sudo may not be tried
 */
export function journalSource(question: LogQuestion, closed: boolean, options: SourceOptions): LogSource {
  const { place } = options;
  const { follow, limit, since } = question;
  // One more than wanted tells whether there are more.
  const lines = limit === 'all' || follow ? limit : limit + 1;
  const seconds = since === undefined ? {} : { since: Math.floor(since / 1000) };
  const command = journal(SYSLOG_NAME, { lines, follow, ...seconds }, options.query);
  const denied = new Failure('PERMISSION_DENIED', `The journal shows ${place.userName} nothing of conntrackd.`, {
    next: `${howToAllow(command, { place })} — or add this user to the group systemd-journal.`,
  });
  if (closed && (!options.sudo || place.isRoot)) throw denied;
  return {
    origin: { kind: 'journal' },
    pieces: outputOf(closed ? asRoot(command, place) : command, command, denied, options),
    keep: follow ? 'all' : limit,
    judge: (tally) =>
      Promise.resolve(tally.cut ? { complete: false, failure: cutLog('The journal', true) } : { complete: true }),
  };
}

/** @param refused the failure where sudo does not run the command */
async function* outputOf(
  run: ToolCommand,
  command: ToolCommand,
  refused: Failure,
  options: SourceOptions,
): AsyncGenerator<Buffer> {
  const tool = startTool(options.place.command(run), options.abort);
  yield* tool.chunks;
  const outcome = await tool.outcome();
  if (run.tool === 'sudo' && sudoRefused(outcome)) throw refused;
  if (!succeeded(outcome)) throw toolFailure(command, outcome, options);
}
