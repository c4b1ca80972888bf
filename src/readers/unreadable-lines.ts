import type { DumpTally } from '../parsers/flow-dump.js';

/** Enough to see what it is; a warning is one line of a terminal, or two. */
const SHOWN = 100;

/** What an operator should read with a dump that had lines which are no flows: the first of them. */
export function notesOnUnreadable({ firstUnreadable }: DumpTally): string[] {
  if (firstUnreadable === undefined) return [];
  const short = firstUnreadable.length > SHOWN ? `${firstUnreadable.slice(0, SHOWN)}…` : firstUnreadable;
  return [`The first line that is no flow begins with: ${short}`];
}
