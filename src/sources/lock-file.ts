import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pause } from './pause.js';

/** What is done under a lock takes milliseconds; a lock that is older was left by a run that was killed. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 20;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Does the work while nobody else who asks does it for the same file. Waits for them a second at the most, and goes on
 * then: it is for work that is safe without, and only better with it.
 */
export async function whileLocked(path: string, abort: AbortSignal, work: () => void): Promise<void> {
  const lock = join(dirname(path), `.${basename(path)}.lock`);
  const giveUp = performance.now() + PATIENCE_MS;
  while (isTaken(lock) && performance.now() < giveUp) await pause(PAUSE_MS, abort);
  try {
    work();
  } finally {
    release(lock);
  }
}

/** Takes the lock, unless it is taken. Where no lock can be made no file can be written either, and that is said there. */
function isTaken(lock: string): boolean {
  try {
    closeSync(openSync(lock, NEW_FILE, 0o600));
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}

/** One that is left over and belongs to another user stays: it costs each run a second. */
function release(lock: string): void {
  try {
    rmSync(lock, { force: true });
  } catch {
    return;
  }
}
