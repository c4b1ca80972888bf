import type { ResendQueue, UnacknowledgedMessage } from '../model/daemon-pages.js';
import type { Counter } from '../model/number.js';
import { countersIn, type LineForm } from './page-block.js';
import { cutShort, moreThanOnePage, notThisPage, refuseUnfinished } from './page-failure.js';
import { isBlank, linesOfPage } from './page-lines.js';

const QUERY = 'conntrackd -s rsqueue';
const WHEN_EMPTY = 'conntrackd prints nothing where it is not in FTFW mode';

const TITLE: LineForm = { name: 'resent queue', pattern: /^resent queue \(len=(?<length>\d+)\)\s*$/ };
const CONTROL: LineForm = { name: 'control', pattern: /^control -> seq:(?<seq>\d+) flags:(?<flags>\d+)\s*$/ };
const OBJECT: LineForm = { name: 'object', pattern: /^object -> seq:(?<seq>\d+)\s*$/ };
/** A message of a kind that ctsync does not know. */
const OTHER_MESSAGE = /^\S+ -> /;

/**
 * conntrackd's `-s rsqueue` page (formats.md §10). It says itself how many messages it has: with fewer or more it is
 * refused.
 *
 * @param text The page as printed, decoded as latin1.
 * @throws Failure `BAD_ANSWER` if the text is empty, no such page, not whole, or more than one page.
 */
export function parseResendQueue(text: string): ResendQueue {
  let length: Counter | undefined;
  const messages: UnacknowledgedMessage[] = [];
  const extra: string[] = [];
  for (const line of linesOfPage(text)) {
    const message = unacknowledged(line);
    const announced = countersIn(line, TITLE)?.get('length');
    if (announced !== undefined && length !== undefined) throw moreThanOnePage(QUERY, TITLE.name);
    if (message !== undefined) messages.push(message);
    else if (announced !== undefined) length = announced;
    else if (!isBlank(line)) extra.push(line);
  }
  if (length === undefined) throw notThisPage(QUERY, text, WHEN_EMPTY);
  refuseUnfinished(QUERY, text);
  const found = messages.length + extra.filter((line) => OTHER_MESSAGE.test(line)).length;
  if (length !== found) throw cutShort(QUERY, `it says that it has ${length} messages, and has ${found}`);
  return { length, messages, ...(extra.length > 0 && { extra }) };
}

function unacknowledged(line: string): UnacknowledgedMessage | undefined {
  const counters = countersIn(line, CONTROL) ?? countersIn(line, OBJECT);
  const seq = counters?.get('seq');
  const flags = counters?.get('flags');
  if (seq === undefined) return undefined;
  return flags === undefined ? { kind: 'object', seq } : { kind: 'control', seq, flags };
}
