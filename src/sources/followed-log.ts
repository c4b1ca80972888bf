import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { unreadable } from './files.js';
import { LogFile } from './log-file.js';

/** How long what the kernel does not tell of may go unseen: another file at the path, a file system without watches. */
const POLL_MS = 1000;

/**
 * A piece of a log that goes on: bytes; `replaced` where the log goes on in another file at the path; `emptied` where the
 * file was truncated, and what was written just before that may be missing.
 */
export type LogPiece = Buffer | 'replaced' | 'emptied';

/** A log whose beginning has been read. */
export interface BegunLog {
  file: LogFile;
  /** Of the next byte. */
  position: number;
}

/**
 * What is written to the log at a path, as it comes, until `abort` fires: it then ends without a word. A file that is not
 * there yet, or not any more, is waited for; one that takes its place is read from its beginning.
 *
 * @param begun the file that is at the path now; it is closed at the end. Undefined where there is none yet.
 * @throws the system's error where the file that takes its place can't be opened
 */
export async function* followLog(
  path: string,
  begun: BegunLog | undefined,
  abort: AbortSignal,
): AsyncGenerator<LogPiece> {
  let log = begun;
  let changes = new Changes(path, abort);
  try {
    while (!abort.aborted) {
      log ??= await openedAt(path);
      if (log) yield* newIn(log, abort);
      if (log && (await isReplaced(path, log))) {
        // What its writer has still written there before the other file took over.
        yield* newIn(log, abort);
        await log.file.close();
        log = undefined;
        changes.end();
        changes = new Changes(path, abort);
        yield 'replaced';
      } else await changes.next();
    }
  } finally {
    changes.end();
    await log?.file.close();
  }
}

async function* newIn(log: BegunLog, abort: AbortSignal): AsyncGenerator<LogPiece> {
  const { size } = await log.file.identity();
  if (size < log.position) {
    log.position = 0;
    yield 'emptied';
  }
  for await (const chunk of log.file.chunks(log.position, size)) {
    if (abort.aborted) return;
    log.position += chunk.length;
    yield chunk;
  }
}

async function openedAt(path: string): Promise<BegunLog | undefined> {
  try {
    return { file: await LogFile.open(path), position: 0 };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Renamed alone, the file is still the one that its writer has open. */
async function isReplaced(path: string, { file }: BegunLog): Promise<boolean> {
  const own = await file.identity();
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.ino !== own.ino || found.dev !== own.dev);
}

/** True of the error that tells that there is no file at a path. */
export function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(unreadable(error).code);
}

/** Tells when it is worth to look at a file again: the kernel says so, or some time has passed. */
class Changes {
  private readonly abort: AbortSignal;
  private readonly watcher: FSWatcher | undefined;
  private changed = false;
  private wake = (): void => undefined;
  private readonly onChange = (): void => {
    this.changed = true;
    this.wake();
  };

  constructor(path: string, abort: AbortSignal) {
    this.abort = abort;
    abort.addEventListener('abort', this.onChange);
    this.watcher = watchOf(path, this.onChange);
  }

  /** Settles once there may be something new. Never fails. */
  async next(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!this.changed && !this.abort.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, POLL_MS);
      });
    }
    clearTimeout(timer);
    this.changed = false;
  }

  end(): void {
    this.abort.removeEventListener('abort', this.onChange);
    this.watcher?.close();
  }
}

/** Where nothing can be watched, there is the clock. */
function watchOf(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(path, onChange).on('error', () => undefined);
  } catch {
    return undefined;
  }
}
