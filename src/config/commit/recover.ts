import { dropCandidate, readCandidate, statementsText, writeCandidate } from '../store/candidate.js';
import { digestOf } from '../store/files.js';
import type { StorePaths } from '../store/folders.js';
import { endJournal, isThrough, type Journal, noteWritten, putBack, readJournal } from './journal.js';

/** What a commit that was ended half way leaves to be done once its files are right. */
export interface Recovered {
  journal: Journal;
  /**
   * `restart`: the old files are back, and the daemon may run with the new one, or not at all. `refill`: all is done but that
   * the caches are filled again, which its restart has emptied.
   */
  left: 'restart' | 'refill';
}

/** Puts right the files that a commit which was ended half way has left; undefined where nothing else is left to be done. */
export function recovered(paths: StorePaths): Recovered | undefined {
  const journal = readJournal(paths);
  if (journal === undefined) return undefined;
  if (isThrough(journal, paths)) {
    noteWritten(paths, journal.newConf);
    carryCandidateOver(journal, paths);
    // It stays until the caches are filled.
    if (journal.restart) return { journal, left: 'refill' };
    endJournal(paths);
    return undefined;
  }
  putBack(journal, paths);
  return { journal, left: 'restart' };
}

/** The candidate that was committed is none any more; what was set since the commit was ended begins with what it has left. */
function carryCandidateOver({ oldStatements, newStatements }: Journal, paths: StorePaths): void {
  const candidate = readCandidate(paths);
  if (candidate === undefined) return;
  if (statementsText(candidate.configuration) === newStatements) dropCandidate(paths);
  else if (candidate.base === digestOf(oldStatements))
    writeCandidate(paths, { ...candidate, base: digestOf(newStatements) });
}

/** What an operator should know of a commit that was ended half way; nothing where none was. */
export function interruptedNote(paths: StorePaths): string[] {
  const journal = readJournal(paths);
  if (journal === undefined) return [];
  return [
    `A commit was ended half way, and ${journal.file} may not be what the daemon runs with: "ctsync commit" puts that right.`,
  ];
}
