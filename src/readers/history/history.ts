import type { TransitionHistory } from '../../model/transition.js';
import type { SourceOptions } from '../../sources/options.js';
import { sinceOf } from '../daemon-log/question.js';
import { capturedHistory } from './captured.js';
import { liveHistory } from './live.js';

/**
 * The transitions of a node, the oldest first: what ctsync's hook has recorded, and what syslog tells of another hook where it
 * has recorded nothing.
 *
 * @param sinceText from when on, as typed; a transition that does not say when it was is left out then
 * @throws Failure USAGE; CAPTURE_UNREADABLE, BAD_CAPTURE; LOG_UNREADABLE where there is neither
 */
export async function readHistory(sinceText: string | undefined, options: SourceOptions): Promise<TransitionHistory> {
  const started = performance.now();
  const since = sinceOf(sinceText)?.getTime();
  const { transitions, unreadable, ...history } =
    options.from === undefined ? await liveHistory(options) : await capturedHistory(options.from, options);
  const wanted = since === undefined ? transitions : transitions.filter(({ at = '' }) => Date.parse(at) >= since);
  const elapsed = Math.round(performance.now() - started);
  return {
    ...history,
    transitions: wanted,
    summary: { shown: wanted.length, unreadable, elapsed_ms: elapsed },
  };
}
