import { PROTOCOL_NUMBERS } from '../../model/protocol.js';
import type { SyntaxError } from './grammar.generated.js';
import { listed, Mistake, nearest, quoted } from './mistake.js';

/** Rules of the grammar that take more than one word, by name. */
const VALUE = 'a value';
const PROTOCOL = 'a protocol';
const COMPARISON = 'a comparison';
const QUOTED_NAME = 'a name in quotes';

/** Only where a whole condition may stand are both of these possible. */
const A_CONDITION_STARTS: readonly string[] = ['state', 'unreplied'];
const A_CONDITION = 'a condition such as tcp, host 192.0.2.1 or bytes gt 10M';

/** What has to stand behind a word, so that an expression that ends too early says more than "a value". */
const VALUES: Readonly<Record<string, string>> = {
  host: 'an address',
  net: 'a network',
  port: 'a port',
  portrange: 'a range of ports',
  proto: PROTOCOL,
  state: 'a state',
  mark: 'a mark',
  zone: 'a zone',
  label: 'a label',
  helper: 'a helper',
  id: 'an id',
  'natted-to': 'an address',
};

/** What a text that was copied from a page has between its words, and nobody can see. */
const ODD_SPACE = /[^\S \t\r\n]|[\u200b-\u200d\u2060]/;

/** A place where the grammar can't go on, as a sentence: what stands there, what may stand there, what was meant. */
export function syntaxMistake(text: string, { expected, location }: SyntaxError): Mistake {
  const at = location.start.offset;
  const space = ODD_SPACE.exec(text);
  if (space) {
    const code = space[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return new Mistake(`U+${code} stands there, which is no plain space`, 'Type the spaces again.', space.index);
  }
  const found = /^(?:[^\s(),]+|.)/u.exec(text.slice(at))?.[0];
  const words = [...new Set((expected ?? []).map(({ description, text: literal }) => description ?? literal ?? ''))];
  const wanted = `${listed(summarised(words, text.slice(0, at)))} is expected`;
  if (found === undefined) return new Mistake(`the expression ends where ${wanted}`, hint('', words), at);
  if (words.includes(QUOTED_NAME) && /^["']/.test(found)) {
    return new Mistake('the name in quotes that starts here has no end', `Write ${found[0]} behind it.`, at);
  }
  return new Mistake(`${quoted(found)} stands where ${wanted}`, hint(found, words), at);
}

function summarised(words: readonly string[], before: string): string[] {
  if (isCondition(words)) return [A_CONDITION];
  // A list may always go on, and the end of the text has no name.
  const shown = words.filter((word) => word !== ',' && word !== '' && word !== QUOTED_NAME);
  return shown.map((word) => (word === VALUE ? valueBehind(before) : /^an? /.test(word) ? word : quoted(word)));
}

function isCondition(words: readonly string[]): boolean {
  return A_CONDITION_STARTS.every((word) => words.includes(word));
}

function valueBehind(before: string): string {
  const [last = ''] = /[a-z-]+(?=[^a-z-]*$)/i.exec(before) ?? [];
  return VALUES[last.toLowerCase()] ?? VALUE;
}

function hint(found: string, words: readonly string[]): string {
  const known = [...words, ...(words.includes(PROTOCOL) ? PROTOCOL_NUMBERS.keys() : [])];
  const near = nearest(
    found,
    known.filter((word) => /^[\w.-]+$/.test(word)),
  );
  if (near !== undefined) return `Did you mean ${quoted(near)}?`;
  if (words.includes(COMPARISON)) return 'Compare with gt, ge, lt, le, eq or ne, or with the signs > >= < <= = !=.';
  if (isCondition(words)) {
    if (/^\d/.test(found)) return 'Join the values of one condition with commas: port 80,443.';
    const starts = words.filter((word) => /^[\w-]+$/.test(word) && word !== 'not');
    return `A condition starts with ${listed([...starts, 'the name of a protocol'])}.`;
  }
  if (words.includes('and'))
    return 'Join conditions with "and" or "or", and the values of one with commas: port 80,443.';
  return 'An expression reads like "tcp and src net 10.0.0.0/8 and not state established".';
}
