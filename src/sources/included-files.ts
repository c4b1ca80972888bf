import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { globSync, isDynamicPattern } from 'tinyglobby';
import type { IncludedFile, UnreadInclude } from '../model/keepalived-conf.js';
import { readSmallFile, unreadable } from './files.js';

/** What keepalived passes over as well: it reads regular files only. */
const SKIPPED: readonly string[] = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENOTREG', 'ENXIO', 'ELOOP', 'ENAMETOOLONG'];

/**
 * The files that a pattern names, in the order of their names; a relative one is relative to the folder of `fromFile`.
 * What is closed to this user is among them with its reason: keepalived, as root, reads it.
 */
export function readIncludedFiles(pattern: string, fromFile: string): (IncludedFile | UnreadInclude)[] {
  const folder = dirname(fromFile);
  if (!isDynamicPattern(pattern)) return readNamed(resolve(folder, pattern));
  const files = filesOf(pattern, folder).flatMap(readNamed);
  return [...files, ...closedFolders(pattern, folder)];
}

/** The paths that a pattern matches, links followed, sorted by name. */
export function filesOf(pattern: string, folder: string): string[] {
  return globSync(pattern, { cwd: folder, absolute: true, expandDirectories: false }).sort();
}

function readNamed(file: string): (IncludedFile | UnreadInclude)[] {
  const read = readSmallFile(file);
  if ('text' in read) return [{ file, text: read.text }];
  const { code, reason } = read.unreadable;
  if (code === 'ENOENT' || code === 'ENOTDIR') return [];
  return [{ file, reason, why: SKIPPED.includes(code) ? 'skipped' : 'unreadable' }];
}

/** The folders that a pattern looks into and that are closed to this user: it matches nothing there, and says nothing. */
function closedFolders(pattern: string, folder: string): UnreadInclude[] {
  const parent = dirname(pattern);
  const above = isDynamicPattern(parent) ? closedFolders(parent, folder) : [];
  const looked = isDynamicPattern(parent)
    ? globSync(parent, { cwd: folder, absolute: true, expandDirectories: false, onlyDirectories: true }).sort()
    : [resolve(folder, parent)];
  // Only what has to be listed has to be readable.
  const wanted = isDynamicPattern(pattern.slice(parent.length)) ? constants.R_OK : constants.X_OK;
  return [...above, ...looked.flatMap((each) => closed(each, wanted))];
}

function closed(folder: string, wanted: number): UnreadInclude[] {
  try {
    accessSync(folder, wanted);
    return [];
  } catch (error) {
    const { code, reason } = unreadable(error);
    return SKIPPED.includes(code) ? [] : [{ file: folder, reason, why: 'unreadable' }];
  }
}
