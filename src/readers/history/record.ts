import type { Transition, TransitionHistory } from '../../model/transition.js';
import { parseTransitionLine } from '../../parsers/transition-line.js';

/** What a record of transitions holds. */
export interface HistoryRecord {
  /** The oldest first; what has no time stands where it was written. */
  transitions: Transition[];
  /** Lines that are none. */
  unreadable: number;
}

/**
 * The transitions in the text of a record. The hook writes a line at the end of a run, or of the next one, so that the lines
 * are not in the order in which keepalived called. A line that is there twice was read before and after a rotation.
 */
export function recordOf(text: string): HistoryRecord {
  const lines = [...new Set(text.split(/\r?\n/).filter((line) => line !== ''))];
  const transitions = lines.flatMap((line) => parseTransitionLine(line) ?? []);
  return { transitions: inOrder(transitions), unreadable: lines.length - transitions.length };
}

function inOrder(transitions: Transition[]): Transition[] {
  return transitions.sort((a, b) => Date.parse(a.at ?? '') - Date.parse(b.at ?? ''));
}

/** A history before it is asked from when on it is wanted. */
export type WholeHistory = Omit<TransitionHistory, 'summary'> & Pick<HistoryRecord, 'unreadable'>;
