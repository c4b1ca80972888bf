import { randomBytes } from 'node:crypto';
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

/** What node_exporter's textfile collector reads; it leaves every other name alone. */
export const TEXTFILE_ENDING = '.prom';

/** node_exporter is another user. */
const READABLE_FOR_ALL = 0o644;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Puts a text in the place of a file, as a whole or not at all: readers find the old one until the new one is on the disk.
 * Each run writes to a name of its own, which no collector reads, so that two runs at once do each other no harm.
 *
 * A link at the path is not followed: as root, it could lead anywhere.
 *
 * @throws Failure OUTPUT_FAILED; the old file is then as it was
 */
export function replaceTextfile(path: string, text: string): void {
  try {
    refuseOthers(path);
    const folder = dirname(path);
    const fresh = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.new`);
    writeNew(fresh, text, () => renameSync(fresh, path));
    syncFolder(folder);
  } catch (error) {
    throw error instanceof Failure ? error : notWritten(path, error as NodeJS.ErrnoException);
  }
}

/** A rename would put our file in the place of a link or of a device, and whoever made that meant something else. */
function refuseOthers(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  const what = found.isSymbolicLink() ? 'a symbolic link' : found.isDirectory() ? 'a folder' : 'no regular file';
  throw new Failure('OUTPUT_FAILED', `The metrics were not written: ${path} is ${what}.`, {
    next: 'Name the file itself: --textfile FILE.prom.',
  });
}

/** A new file with all of the text on the disk, to be used at once; nothing is left of it where anything fails. */
function writeNew(path: string, text: string, use: () => void): void {
  const file = openSync(path, NEW_FILE, READABLE_FOR_ALL);
  try {
    // Whatever the umask says.
    fchmodSync(file, READABLE_FOR_ALL);
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
function syncFolder(folder: string): void {
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
};

function notWritten(path: string, error: NodeJS.ErrnoException): Failure {
  const code = error.code ?? error.message;
  return new Failure('OUTPUT_FAILED', `The metrics were not written to ${path}: ${REASONS[code] ?? code}.`, {
    next: 'The file that was there, if any, is as it was. Make room, or name another folder.',
    cause: error,
  });
}
