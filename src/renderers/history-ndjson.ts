import type { TransitionHistory } from '../model/transition.js';
import { jsonText } from './json.js';

/**
 * A history as NDJSON: a transition a line, as the hook records them, and a last line that only an answer that is not whole
 * has.
 *
 * @param envelope the fields of that last line
 */
export function renderHistoryNdjson(
  { transitions, summary, complete, failure }: TransitionHistory,
  envelope: object,
): string {
  const lines: object[] = transitions.map((transition) => ({ schema: 'ctsync/transition/1', ...transition }));
  if (complete === false)
    lines.push({ ...envelope, summary, complete, ...(failure ? { error: failure.report() } : {}) });
  return lines.map((line) => `${jsonText(line)}\n`).join('');
}
