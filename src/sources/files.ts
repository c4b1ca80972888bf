import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';

/** Configuration and state files are small; more than this is none of them. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** A file that could not be read: the system's code, and the sentence an operator understands. */
export interface Unreadable {
  code: string;
  reason: string;
}

/** A small text file whole, or why not. Never throws. */
export async function readSmallFile(
  path: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
): Promise<{ text: string } | { unreadable: Unreadable }> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) return { unreadable: { code: 'EFBIG', reason: `is larger than ${LARGEST_FILE} bytes` } };
    return { text: await readFile(path, encoding) };
  } catch (error) {
    return { unreadable: unreadable(error) };
  }
}

/** What stands at a path as far as a client of a socket is concerned. */
export async function socketState(path: string): Promise<'absent' | 'not-a-socket' | 'no-permission' | 'present'> {
  try {
    if (!(await stat(path)).isSocket()) return 'not-a-socket';
    await access(path, constants.R_OK | constants.W_OK);
    return 'present';
  } catch (error) {
    return unreadable(error).code === 'EACCES' ? 'no-permission' : 'absent';
  }
}

/** True where something exists at the path and we may look at it. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The system's error as a code and half a sentence: `does not exist`. */
export function unreadable(error: unknown): Unreadable {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  return { code, reason: REASONS[code] ?? `can't be read (${code})` };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'is not readable for this user',
  EPERM: 'is not readable for this user',
  EISDIR: 'is a folder',
  ELOOP: 'is a loop of links',
  ENAMETOOLONG: 'has a name that is too long',
};
