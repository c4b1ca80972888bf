import { linkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Failure } from '../../model/failure.js';
import { parseProcessStat } from '../../parsers/process-status.js';
import { readSmallFile } from '../../sources/files.js';
import { pause } from '../../sources/pause.js';

/** To edit takes milliseconds; who commits or restarts has to wait for a daemon, and nobody should wait for that. */
const PATIENCE_MS = 2000;
const PAUSE_MS = 25;

/**
 * Does the work while no other ctsync changes the configuration, or restarts the daemon. What a killed one has left is known by
 * its process, which is gone.
 *
 * @throws Failure CONFIG_LOCKED
 */
export async function whileLocked<T>(path: string, abort: AbortSignal, work: () => Promise<T> | T): Promise<T> {
  const ours = `${path}.${process.pid}`;
  writeFileSync(ours, ourselves(), { mode: 0o600 });
  try {
    await take(path, ours, abort);
  } finally {
    rmSync(ours, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

async function take(path: string, ours: string, abort: AbortSignal): Promise<void> {
  const giveUp = performance.now() + PATIENCE_MS;
  while (!isTaken(path, ours)) {
    removeIfLeft(path, `${ours}.left`);
    if (performance.now() > giveUp) throw locked(path);
    await pause(PAUSE_MS, abort).catch(() => {
      throw Failure.interrupted();
    });
  }
}

/** A link is made as a whole, with all that the file says: there is no moment in which nobody is named in the lock. */
function isTaken(path: string, ours: string): boolean {
  try {
    linkSync(ours, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved before it is removed: what was moved may be the lock of somebody who was quicker, and is put back then. */
function removeIfLeft(path: string, aside: string): void {
  const found = inodeOf(path);
  if (found === undefined || isAlive(path)) return;
  try {
    renameSync(path, aside);
    if (inodeOf(aside) !== found) linkSync(aside, path);
  } catch {
    return;
  } finally {
    rmSync(aside, { force: true });
  }
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function isAlive(path: string): boolean {
  const read = readSmallFile(path);
  if ('unreadable' in read) return read.unreadable.code !== 'ENOENT';
  const [pid = '', ticks] = read.text.trim().split(' ');
  return ticks !== undefined && startOf(pid) === ticks;
}

function ourselves(): string {
  return `${process.pid} ${startOf('self') ?? ''}\n`;
}

/** When a process was started: the same number may be another process by now. Undefined for what is no number. */
function startOf(pid: string): string | undefined {
  if (!/^(?:\d+|self)$/.test(pid)) return undefined;
  const read = readSmallFile(`/proc/${pid}/stat`);
  return 'text' in read ? String(parseProcessStat(read.text).start_ticks) : undefined;
}

function locked(path: string): Failure {
  const read = readSmallFile(path);
  const [pid = ''] = 'text' in read ? read.text.split(' ') : [];
  return new Failure(
    'CONFIG_LOCKED',
    `Another ctsync, process ${pid || 'unknown'}, is at work on conntrackd or its configuration.`,
    {
      next: 'Wait until it has ended; nothing was changed.',
    },
  );
}
