import { dropCandidate, readCandidate, statementsText, writeCandidate } from '../store/candidate.js';
import { digestOf } from '../store/files.js';
import type { StorePaths } from '../store/folders.js';
import { endJournal, isThrough, type Journal, noteWritten, putBack, readJournal } from './journal.js';

/** Puts right what a commit that was ended half way has left. The answer is its journal, where files had to be put back. */
export function recovered(paths: StorePaths): Journal | undefined {
  const journal = readJournal(paths);
  if (journal === undefined) return undefined;
  if (isThrough(journal, paths)) {
    noteWritten(paths, journal.newConf);
    carryCandidateOver(journal, paths);
    endJournal(paths);
    return undefined;
  }
  putBack(journal, paths);
  return journal;
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
