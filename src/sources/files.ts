import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Configuration and state files are small; more than this is none of them. */
const LARGEST_FILE = 16 * 1024 * 1024;
/** Memory that is taken for each piece: most files are far smaller. */
const SMALLEST_READ_BYTES = 4 * 1024;
const LARGEST_READ_BYTES = 64 * 1024;

/** A file that could not be read: the system's code, and the sentence an operator understands. */
export interface Unreadable {
  code: string;
  reason: string;
}

/** The code of what nobody asked about when a record was made: nothing is known of it, not even whether it is there. */
export const UNASKED = 'ENODATA';

/**
 * A small text file whole, or why not. Never throws, and never waits: what is no regular file, such as a FIFO that nobody
 * writes to, is not read.
 */
export function readSmallFile(
  path: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
): { text: string } | { unreadable: Unreadable } {
  try {
    const bytes = readRegularFile(path);
    if (bytes.length <= LARGEST_FILE) return { text: bytes.toString(encoding) };
    return { unreadable: { code: 'EFBIG', reason: `is larger than ${LARGEST_FILE} bytes` } };
  } catch (error) {
    return { unreadable: unreadable(error) };
  }
}

/** Looked at and read through one descriptor: what stands at the path may be another file by then. */
function readRegularFile(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw systemError(found.isDirectory() ? 'EISDIR' : NOT_REGULAR);
    const chunks: Buffer[] = [];
    const room = Math.min(Math.max(found.size, SMALLEST_READ_BYTES), LARGEST_READ_BYTES);
    // To the end, whatever its size is said to be: files of the kernel have none.
    for (let length = 0; length <= LARGEST_FILE; length += chunks.at(-1)?.length ?? 0) {
      const chunk = Buffer.allocUnsafe(room);
      const read = readSync(file, chunk, 0, room, null);
      if (read === 0) break;
      chunks.push(chunk.subarray(0, read));
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

/** Whether a folder stands at the path, or why that can't be seen. */
export async function isFolder(path: string): Promise<boolean | Unreadable> {
  return stat(path).then((found) => found.isDirectory(), unreadable);
}

/** True where something exists at the path and we may look at it. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The path with all its links followed; as it is where they lead nowhere. */
export function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The system's error as a code and half a sentence: `does not exist`. */
export function unreadable(error: unknown): Unreadable {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { code, reason: reasonOf(code) };
}

/** Half a sentence for the system's code of an error. */
export function reasonOf(code: string): string {
  return REASONS[code] ?? `can't be read (${code})`;
}

/** The error that the system would give, had it been asked to refuse this. */
export function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** No code of the system's: it reads devices and FIFOs as well. */
export const NOT_REGULAR = 'ENOTREG';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'is not readable for this user',
  EPERM: 'is not readable for this user',
  EISDIR: 'is a folder',
  [NOT_REGULAR]: 'is not a regular file',
  // What open(2) says of one.
  ENXIO: 'is a socket',
  ELOOP: 'is a loop of links',
  ENAMETOOLONG: 'has a name that is too long',
};
