import type { Expectation } from '../model/expectation.js';
import { parseExpectationLine } from './expectation-line.js';

/** What a dump of expectations held. */
export interface ExpectationDump {
  expectations: Expectation[];
  /** Lines that are no expectations. */
  unreadable: number;
  /** conntrack's own count, where its summary line was captured together with the rows; of several dumps their sum. */
  announced?: number;
  /** The last line had no newline: it was cut, and is not among the expectations. */
  cut: boolean;
}

/** conntrack's last word on stderr, as it stands in a capture made with `2>&1`, be it in the middle of a row (formats.md §6). */
const SUMMARY = /conntrack v[\w.]+ \(conntrack-tools\): (\d+) expectations have been shown\.(?:\n|$)/g;
/**
 * What conntrackd's client says about the configuration before it answers; no part of the dump (formats.md §8). An error is
 * more than that: behind it there is no answer.
 */
const NOTICE = /^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d+\] \(pid=\d+\) \[(?!ERROR\])\w+\] /;

/**
 * All of a dump of expectations. The kernel keeps a few thousand of them at most, so it is read as a whole.
 *
 * @param text as printed, decoded as latin1
 */
export function parseExpectationDump(text: string): ExpectationDump {
  const summaries = Array.from(text.matchAll(SUMMARY), ([, count]) => Number(count));
  // Taken out, the two halves of a row that it was printed into are one line again.
  const lines = text.replace(SUMMARY, '').split('\n');
  const cut = lines.pop() !== '';
  const expectations: Expectation[] = [];
  let unreadable = 0;
  for (const line of lines) {
    const expectation = parseExpectationLine(line);
    if (expectation) expectations.push(expectation);
    else if (line !== '' && !NOTICE.test(line)) unreadable++;
  }
  const announced = summaries.length === 0 ? {} : { announced: summaries.reduce((sum, count) => sum + count, 0) };
  return { expectations, unreadable, ...announced, cut };
}
