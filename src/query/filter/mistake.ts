import { distance } from 'fastest-levenshtein';
import { Failure } from '../../model/failure.js';

const LONGEST_SHOWN = 60;
/** This part of a word may be wrong for another word to be meant. */
const MOST_WRONG = 0.4;
/** In words up to this length the first letter has to be right: there are too many protocols of three letters. */
const SHORT = 3;
/** So much less than as many wrong letters counts what is missing at a word's end. */
const BROKEN_OFF = 0.5;

/** A word of a filter and where it stands: characters before it. */
export interface Word {
  text: string;
  at: number;
}

/** What is wrong with a filter, on its way to become a {@link Failure} that names the flag. */
export class Mistake extends Error {
  readonly next: string | undefined;
  readonly at: number | undefined;

  /**
   * @param message goes on behind `--flag: `, without a full stop
   * @param next what to do about it, as a sentence
   * @param at where in the text it is: characters before it
   */
  constructor(message: string, next?: string, at?: number) {
    super(message);
    this.next = next;
    this.at = at;
  }
}

/** Runs what reads a flag's value; a mistake in it becomes a failure that names the flag and, in `--filter`, the place. */
export function reading<T>(flag: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const place = error.at === undefined || flag !== '--filter' ? '' : ` at character ${error.at + 1}`;
    throw new Failure(
      'USAGE',
      `${flag}${place}: ${error.message}.`,
      error.next === undefined ? {} : { next: error.next },
    );
  }
}

/** A word in quotes, cut to a length that can be shown. */
export function quoted(text: string): string {
  return `"${text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text}"`;
}

/** The known word that was probably meant, if there is one. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  const word = typed.toLowerCase().slice(0, LONGEST_SHOWN);
  let best: string | undefined;
  let fewest = word.length * MOST_WRONG;
  for (const candidate of known) {
    if (word.length <= SHORT && candidate[0] !== word[0]) continue;
    const wrong = mistyped(word, candidate.toLowerCase());
    if (wrong <= fewest && (best === undefined || wrong < fewest)) {
      best = candidate;
      fewest = wrong;
    }
  }
  return best;
}

/**
 * How many letters are wrong; letters that are only in the wrong order are one slip of the fingers, and a word that was
 * only broken off is likelier than any slip.
 */
function mistyped(a: string, b: string): number {
  const wrong = distance(a, b);
  if (b.startsWith(a)) return wrong - BROKEN_OFF;
  return wrong === 2 && [...a].sort().join('') === [...b].sort().join('') ? 1 : wrong;
}

/** `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
