import { Failure } from '../model/failure.js';
import type { LineForm, PageBlock } from './page-block.js';

const LONGEST_QUOTE = 60;

/**
 * The failure for a text that holds nothing of the page which the query should have brought.
 *
 * @param query What was asked, without the configuration: `conntrackd -s`.
 * @param whenEmpty Why the daemon prints nothing at all for this query, as the second half of a sentence.
 */
export function notThisPage(query: string, text: string, whenEmpty: string): Failure {
  const first = text.split('\n').find((line) => line.trim() !== '');
  if (first === undefined) {
    const log = query.startsWith('conntrackd ') ? '; if it prints nothing either, look in the log of conntrackd' : '';
    return new Failure('BAD_ANSWER', `The answer to \`${query}\` is empty: ${whenEmpty}.`, {
      next: `Run ${query} by hand${log}.`,
    });
  }
  return new Failure('BAD_ANSWER', `This is not the page of \`${query}\`: it begins with "${quoted(first)}".`, {
    next: `Run ${query} by hand: another program may stand in its place, or a version of it that ctsync does not know.`,
  });
}

/** The failure for a page of which a part is missing, so that its figures can't be trusted. */
export function cutShort(query: string, what: string): Failure {
  return new Failure('BAD_ANSWER', `The page of \`${query}\` is not whole: ${what}.`, {
    next: 'Ask again; if it stays so, look in the log of conntrackd.',
  });
}

/**
 * Refuses a block that lacks one of its lines.
 *
 * @throws Failure `BAD_ANSWER`
 */
export function refuseTornBlock(query: string, block: PageBlock): void {
  const missing = block.missing();
  if (missing !== undefined) throw cutShort(query, `the block "${block.title}" lacks its line "${missing}"`);
}

/**
 * Refuses a line that stands at the beginning of a block, and belongs below the title of one: with the title, a block of the
 * page would be missing in silence.
 *
 * @throws Failure `BAD_ANSWER`
 */
export function refuseUntitled(query: string, line: string, forms: readonly LineForm[]): void {
  const form = forms.find(({ pattern }) => pattern.test(line));
  if (form !== undefined) throw cutShort(query, `the title above its line "${form.name}" is missing`);
}

/** The failure for a text in which a block comes twice that a page has once: whose figures would be the right ones? */
export function moreThanOnePage(query: string, title: string): Failure {
  return new Failure('BAD_ANSWER', `This is more than one page of \`${query}\`: the block "${title}" comes twice.`, {
    next: `Run ${query} by hand, and look at what it prints.`,
  });
}

/**
 * Refuses a page whose last line has no line end: its number may have had more digits.
 *
 * @throws Failure `BAD_ANSWER`
 */
export function refuseUnfinished(query: string, text: string): void {
  if (!text.endsWith('\n')) throw cutShort(query, 'it ends in the middle of a line');
}

function quoted(line: string): string {
  const words = line.trim();
  return words.length > LONGEST_QUOTE ? `${words.slice(0, LONGEST_QUOTE)}…` : words;
}
