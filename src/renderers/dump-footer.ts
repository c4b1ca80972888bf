import type { DumpSummary, DumpVerdict } from '../model/dump.js';
import { grouped } from './scaled.js';

/**
 * The lines under a table of flows: how many there are, whether that is all of them, how many were looked at, and how long
 * it took. Empty where the completeness of a captured file can't be known and nothing else is to be said.
 */
export function footer(verdict: DumpVerdict, hasRows: boolean): string {
  const { shown, matched, scanned, limited } = verdict.summary;
  const state = stateOf(verdict);
  const plain = state === undefined && !limited && shown === matched && (scanned === undefined || scanned === matched);
  if (plain || (!hasRows && state === 'complete' && !scanned)) return '';
  const facts = [countOf(verdict), ...(state === undefined ? [] : [state])].join(', ');
  return `${hasRows ? '\n' : ''}${facts} (${circumstances(verdict.summary).join(', ')}).\n`;
}

/**
 * `1 flow`, `12 flows` or `12 of 345 flows`, with the number of lines that could not be read.
 *
 * @param which what stands before the noun, with a space behind it
 */
export function countOf({ summary }: DumpVerdict, which = ''): string {
  const { shown, matched, limited, unreadable } = summary;
  const all = matched ?? shown;
  const flows = `${shown === all ? '' : `${grouped(shown)} of `}${grouped(all)} ${which}${all === 1 ? 'flow' : 'flows'}`;
  const counted = limited ? `the first ${flows}` : flows;
  return unreadable === 0
    ? counted
    : `${counted}, ${grouped(unreadable)} unreadable ${unreadable === 1 ? 'line' : 'lines'}`;
}

/** `complete` or `INCOMPLETE`; undefined where it can't be known. */
export function stateOf(verdict: DumpVerdict): string | undefined {
  if (verdict.complete === false) return 'INCOMPLETE';
  return verdict.complete === true ? 'complete' : undefined;
}

function circumstances({ matched, scanned, table_size, elapsed_ms }: DumpSummary): string[] {
  return [
    ...(scanned === undefined || scanned === matched ? [] : [`${grouped(scanned)} looked at`]),
    ...(table_size === undefined ? [] : [`about ${grouped(table_size)} in the table`]),
    `${(elapsed_ms / 1000).toFixed(1)} s`,
  ];
}
