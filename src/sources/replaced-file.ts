import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../model/failure.js';

/** Who may read a file: a text for other programs, or a state of our own. */
export const READABLE_FOR_ALL = 0o644;
export const READABLE_FOR_US = 0o600;

/** What is written, for sentences, and who may read it. */
export interface Replacement {
  text: string;
  mode: number;
  /** As the beginning of a sentence: `The metrics were`. */
  what: string;
  /** What to do where something else stands at the path. */
  instead: string;
}

/** As root, a link that somebody has put there could lead anywhere: it is not followed. */
export const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Puts a text in the place of a file, as a whole or not at all: readers find the old one until the new one is on the disk.
 * Each run writes to a name of its own, so that two runs at once do each other no harm.
 *
 * A link at the path is not followed: as root, it could lead anywhere.
 *
 * @throws Failure OUTPUT_FAILED; the old file is then as it was
 */
export function replaceFile(path: string, replacement: Replacement): void {
  try {
    refuseOthers(path, replacement);
    const folder = dirname(path);
    // Of its own, not secret: what is there already is never opened. (node:crypto would take 2 MB for it.)
    const own = `${process.pid}-${Math.random().toString(36).slice(2)}`;
    const fresh = join(folder, `.${basename(path)}.${own}.new`);
    writeNew(fresh, replacement, () => renameSync(fresh, path));
    syncFolder(folder);
  } catch (error) {
    throw error instanceof Failure ? error : notWritten(path, replacement, error as NodeJS.ErrnoException);
  }
}

/** A rename would put our file in the place of a link or of a device, and whoever made that meant something else. */
export function refuseOthers(path: string, { what: written, instead }: Pick<Replacement, 'what' | 'instead'>): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  const what = found.isSymbolicLink() ? 'a symbolic link' : found.isDirectory() ? 'a folder' : 'no regular file';
  throw new Failure('OUTPUT_FAILED', `${written} not written: ${path} is ${what}.`, { next: instead });
}

/** A new file with all of the text on the disk, to be used at once; nothing is left of it where anything fails. */
function writeNew(path: string, { text, mode }: Replacement, use: () => void): void {
  const file = openSync(path, NEW_FILE, mode);
  try {
    // Whatever the umask says.
    fchmodSync(file, mode);
    writeFileSync(file, text);
    fsyncSync(file);
    use();
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/**
 * Without it the new name may be lost with the power, and the old file be back. The new one is in its place by now, so a
 * folder that can't be opened, or a file system that does not know this, is no failure.
 */
export function syncFolder(folder: string): void {
  try {
    const file = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    return;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EACCES: 'its folder is not writable for this user',
  EPERM: 'its folder is not writable for this user',
  EROFS: 'its file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the quota is used up',
  EFBIG: 'it is larger than a file may be',
  EIO: 'the device has failed',
};

/** The failure of what could not be written whole. */
export function notWritten(path: string, { what }: Pick<Replacement, 'what'>, error: NodeJS.ErrnoException): Failure {
  const code = error.code ?? error.message;
  return new Failure('OUTPUT_FAILED', `${what} not written to ${path}: ${REASONS[code] ?? code}.`, {
    next: 'The file that was there, if any, is as it was. Make room, or name another folder.',
    cause: error,
  });
}
