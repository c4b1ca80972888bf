import type { LogStream } from '../../model/daemon-log.js';
import type { SourceOptions } from '../../sources/options.js';
import { capturedLog } from './captured.js';
import { liveLog } from './live.js';
import { LogReading } from './log-reading.js';
import { type LogFlags, logQuestion } from './question.js';

/**
 * conntrackd's log, live or from a capture.
 *
 * @param notice told at once what an operator should know who follows the log
 * @throws Failure where it can't be had; USAGE for flags that say nothing
 */
export async function readDaemonLog(
  flags: Omit<LogFlags, 'from'>,
  options: SourceOptions,
  notice: (text: string) => void,
): Promise<LogStream> {
  const question = logQuestion({ ...flags, from: options.from }, options.place.clock.now().getTime());
  const source =
    options.from === undefined ? await liveLog(question, options) : await capturedLog(options.from, question, options);
  return new LogReading(source, question, notice);
}
