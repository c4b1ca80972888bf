import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { Failure } from '../../model/failure.js';
import { NOT_REGULAR, systemError, unreadable } from '../../sources/files.js';
import { READABLE_FOR_US } from '../../sources/replaced-file.js';
import { KEY_BYTES } from './crypto-pan.js';

const DIGITS = 2 * KEY_BYTES;
/** A key and a line end; more need not be read to see that it is none. */
const MOST_BYTES = DIGITS + 64;
const FOR_OTHERS = 0o077;
const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const MAKE_ONE = 'Name a file with 64 hexadecimal digits that only you can read.';

/** A key that nobody has: 32 bytes of the system's. */
export function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/**
 * The key in a file of 64 hexadecimal digits. Whoever has it can undo the cleaning of every bundle that was made with it, so a
 * file that others may read is refused, as ssh refuses its keys.
 *
 * @throws Failure CONFIG_UNREADABLE, or CONFIG_INVALID where it is no key or others may read it
 */
export function readKey(path: string): Buffer {
  const { text, mode } = readKeyFile(path);
  if ((mode & FOR_OTHERS) !== 0) {
    throw new Failure('CONFIG_INVALID', `The key file ${path} is open to other users (mode ${octal(mode)}).`, {
      next: `Close it with chmod 600 ${path}; if others may have read it, make a new key.`,
    });
  }
  const digits = text.trim();
  if (/^[0-9a-f]{64}$/i.test(digits)) return Buffer.from(digits, 'hex');
  // Never what it says: it may be another secret.
  throw new Failure('CONFIG_INVALID', `The key file ${path} is not ${DIGITS} hexadecimal digits.`, { next: MAKE_ONE });
}

/**
 * The key in a file, which is made with a new one where there is none.
 *
 * @throws Failure as {@link readKey} and {@link writeKey}
 */
export function keyAt(path: string): Buffer {
  const key = newKey();
  try {
    writeKey(path, key);
    return key;
  } catch (error) {
    if (error instanceof Failure && unreadable(error.cause).code === 'EEXIST') return readKey(path);
    throw error;
  }
}

/**
 * Writes a key to a new file that only its owner can read. What stands at the path is never replaced: it may be the key of
 * older bundles.
 *
 * @throws Failure OUTPUT_FAILED; nothing is left of the file then
 */
export function writeKey(path: string, key: Uint8Array): void {
  try {
    const file = openSync(path, NEW_FILE, READABLE_FOR_US);
    try {
      // Whatever the umask says.
      fchmodSync(file, READABLE_FOR_US);
      writeFileSync(file, `${Buffer.from(key).toString('hex')}\n`);
      fsyncSync(file);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Looked at and read through one descriptor; neither a FIFO nor a device keeps us waiting. */
function readKeyFile(path: string): { text: string; mode: number } {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) throw systemError(found.isDirectory() ? 'EISDIR' : NOT_REGULAR);
      const bytes = Buffer.alloc(MOST_BYTES);
      return { text: bytes.toString('latin1', 0, readSync(file, bytes, 0, MOST_BYTES, 0)), mode: found.mode & 0o777 };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const { code, reason } = unreadable(error);
    const next = code === 'EACCES' ? 'Run ctsync as the user that owns it.' : MAKE_ONE;
    throw new Failure('CONFIG_UNREADABLE', `The key file ${path} ${reason}.`, { next, cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'something stands there already, and may be the key of older bundles',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EACCES: 'its folder is not writable for this user',
  EROFS: 'its file system is read-only',
  ENOSPC: 'no space is left on the device',
};

function notWritten(path: string, error: unknown): Failure {
  const { code } = unreadable(error);
  return new Failure('OUTPUT_FAILED', `The key was not written to ${path}: ${REASONS[code] ?? code}.`, {
    next: 'Name a file that does not exist yet, in a folder of yours.',
    cause: error,
  });
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
