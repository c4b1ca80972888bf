import { createHash } from 'node:crypto';
import { lstatSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../model/failure.js';
import { readSmallFile } from '../../sources/files.js';
import { READABLE_FOR_ALL, replaceFile, syncFolder } from '../../sources/replaced-file.js';

/**
 * The text of a file, or undefined where there is none. A link is not followed: as root, it could lead anywhere.
 *
 * @throws Failure CONFIG_UNREADABLE
 */
export function readOwn(path: string): string | undefined {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  const read = isLink ? { unreadable: { code: 'ELOOP', reason: 'is a symbolic link' } } : readSmallFile(path);
  if ('text' in read) return read.text;
  const { code, reason } = read.unreadable;
  if (code === 'ENOENT') return undefined;
  throw new Failure('CONFIG_UNREADABLE', `${path} ${reason}.`, { next: 'Put the file itself there, or remove it.' });
}

/** Puts a text in the place of a file, as a whole or not at all. */
export function writeOwn(path: string, text: string, mode: number = READABLE_FOR_ALL): void {
  const instead = 'Put the file itself there, or remove it.';
  replaceFile(path, { text, mode, what: 'The configuration was', instead });
}

/** Removes a file, if there is one, and its name from the disk. */
export function removeOwn(path: string): void {
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}

/** What tells one text from every other; `none` where there is no file. */
export function digestOf(text: string | undefined): string {
  return text === undefined ? 'none' : createHash('sha256').update(text).digest('hex');
}
