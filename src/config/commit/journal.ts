import { Failure } from '../../model/failure.js';
import { digestOf, readOwn, removeOwn, writeOwn } from '../store/files.js';
import type { StorePaths } from '../store/folders.js';

/** What a commit that is under way has to put back where it does not come to its end. */
export interface Journal {
  /** Path of the daemon's configuration. */
  file: string;
  mode: number;
  /** The daemon's configuration as it was; absent where there was none. */
  oldConf?: string;
  /** The statements as they were; absent where there were none. */
  oldStatements?: string;
  /** Which texts of the daemon's configuration were ours before; see {@link writtenDigests}. */
  oldWritten: string[];
  newConf: string;
  newStatements: string;
  /** Whether the daemon is restarted, or was before: then its caches have to be filled again. */
  restart?: boolean;
}

export function beginJournal({ journal }: StorePaths, begun: Journal): void {
  writeOwn(journal, `${JSON.stringify(begun)}\n`, 0o600);
}

export function endJournal({ journal }: StorePaths): void {
  removeOwn(journal);
}

/** What a commit that was ended half way has left. */
export function readJournal({ journal }: StorePaths): Journal | undefined {
  const text = readOwn(journal);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Journal;
  } catch (cause) {
    throw new Failure('CONFIG_INVALID', `${journal} is damaged.`, {
      next: 'Look at the daemon and its configuration, and remove that file.',
      cause,
    });
  }
}

/** Whether all files are as the commit was to leave them: then nothing but its end was missing. */
export function isThrough({ file, newConf, newStatements }: Journal, paths: StorePaths): boolean {
  return readOwn(file) === newConf && readOwn(paths.statements) === newStatements;
}

/** Puts the files back as they were before the commit. */
export function putBack({ file, mode, oldConf, oldStatements, oldWritten }: Journal, paths: StorePaths): void {
  restore(file, oldConf, mode);
  restore(paths.statements, oldStatements, 0o644);
  writeDigests(paths, oldWritten);
}

function restore(path: string, text: string | undefined, mode: number): void {
  if (readOwn(path) === text) return;
  if (text === undefined) removeOwn(path);
  else writeOwn(path, text, mode);
}

/** Which texts of the daemon's configuration are ours; during a commit the old one and the new one. */
export function writtenDigests({ written }: StorePaths): string[] {
  try {
    const read: unknown = JSON.parse(readOwn(written) ?? '[]');
    return Array.isArray(read) ? read.filter((each) => typeof each === 'string') : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** From now on, a file with one of these texts is ours. */
export function noteWritten(paths: StorePaths, ...texts: (string | undefined)[]): void {
  writeDigests(paths, texts.map(digestOf));
}

function writeDigests({ written }: StorePaths, digests: readonly string[]): void {
  writeOwn(written, `${JSON.stringify(digests)}\n`);
}
