import type { DumpVerdict } from '../model/dump.js';

/**
 * The lines under a table of flows: how many there are and whether that is all of them. Empty where the completeness of
 * a captured file can't be known and nothing is wrong with it.
 */
export function footer(verdict: DumpVerdict, hasRows: boolean): string {
  const state = stateOf(verdict);
  if (state === undefined) return '';
  return `${hasRows ? '\n' : ''}${countOf(verdict)}, ${state}.\n`;
}

/** `1 flow` or `12 flows`, with the number of lines that could not be read. */
export function countOf(verdict: DumpVerdict): string {
  const { shown, unreadable } = verdict.summary;
  const flows = `${shown} ${shown === 1 ? 'flow' : 'flows'}`;
  return unreadable === 0 ? flows : `${flows}, ${unreadable} unreadable ${unreadable === 1 ? 'line' : 'lines'}`;
}

/** `complete` or `INCOMPLETE`; undefined where it can't be known. */
export function stateOf(verdict: DumpVerdict): string | undefined {
  if (verdict.complete === false) return 'INCOMPLETE';
  if (verdict.summary.unreadable > 0) return 'partly unreadable';
  return verdict.complete === true ? 'complete' : undefined;
}
