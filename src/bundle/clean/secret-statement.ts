import type { Value } from './secret-value.js';
import { jsonValue, oneWord, restOfLine, restOfStatement, xmlText } from './secret-value.js';

/** A word that a secret may stand behind. */
export interface SecretWord {
  text: string;
  /** Where its line goes on behind it. */
  end: number;
  /** It means nothing else. */
  isStrong: boolean;
  /** Only marks of a comment, a condition, `set` and the like stand before it in its line. */
  isFirst: boolean;
}

const JSON_COLON = /\\?["']\s*(?::|=>)\s*/y;
const ASSIGNED = /\s*(?::=|=>|[:=])\s*/y;
/** Also between the arguments of a process, in /proc/PID/cmdline. */
const SPACES = /[\s\0]+/y;
const OF_XML = />(?=[^<\s])/y;
const ALONE = /(?:"[^"]*"|'[^']*'|[^\s{}]+)\s*;?\s*$/y;
const AT_END = /\\?["']?$/y;
/** A path to a key is no key, and a block begins with a brace. */
const NO_KEY = /["']?[/{]/y;

/** The secret behind a word; undefined where there is none. */
export function secretBehind(line: string, word: SecretWord): Value | undefined {
  const { end, isStrong, isFirst, text } = word;
  const inJson = behind(JSON_COLON, line, end);
  // Of a bare key, nft's JSON has many.
  if (inJson !== undefined) return text.toLowerCase() === 'key' ? undefined : jsonValue(line, inJson);
  const assigned = behind(ASSIGNED, line, end);
  if (assigned !== undefined && !isStrong && behind(NO_KEY, line, assigned) !== undefined) return undefined;
  if (assigned !== undefined) return isFirst ? restOfLine(line, assigned) : oneWord(line, assigned);
  const spaced = behind(SPACES, line, end);
  if (isStrong) return strong(line, word, spaced);
  const isAlone = isFirst && spaced !== undefined && behind(ALONE, line, spaced) !== undefined;
  return isAlone && behind(NO_KEY, line, spaced) === undefined ? restOfLine(line, spaced) : undefined;
}

function strong(line: string, { end, isFirst }: SecretWord, spaced: number | undefined): Value | undefined {
  const inXml = behind(OF_XML, line, end);
  if (inXml !== undefined) return xmlText(line, inXml);
  if (spaced !== undefined) return isFirst ? restOfLine(line, spaced) : restOfStatement(line, spaced);
  // Nothing here; where the line goes on in another piece, it does with the value.
  return behind(AT_END, line, end) === undefined ? undefined : restOfLine(line, line.length);
}

/** Where a line goes on behind a pattern that stands at a place; undefined where it does not stand there. */
function behind(pattern: RegExp, line: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : undefined;
}
