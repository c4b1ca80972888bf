import { REMOVED } from './secret-words.js';

/** Where a value stands in a line, and what is put for it. */
export interface Value {
  start: number;
  end: number;
  put: string;
  /** The quote that would have ended it; absent where it has ended. */
  open?: string;
}

const QUOTE = /\\?["']/y;
const BRACE_OR_QUOTE = /\s[{}](?=\s|$)|\\?"(?!\w)/g;
const NO_VALUE = /(?:null|true|false)(?=[\s,}\]]|$)|\{/y;
const NUMBER = /-?\d[\d.e+-]*(?=[\s,}\]]|$)/iy;

/** All that the line says from here, but for braces at its end that begin or end a block. */
export function restOfLine(line: string, at: number): Value {
  const inQuotes = quoted(line, at);
  if (inQuotes?.open !== undefined) return inQuotes;
  let end = line.trimEnd().length;
  // Without a space before it, a brace belongs to the value.
  while (end - 1 > at && /\s[{}]/.test(line.slice(end - 2, end))) end = line.slice(0, end - 1).trimEnd().length;
  return { start: at, end: Math.max(end, at), put: REMOVED };
}

/** One value of several in a line: what is between quotes, or up to a space. */
export function oneWord(line: string, at: number): Value {
  return quoted(line, at) ?? { start: at, end: endOf(/(?:[^\s"<]|"(?=\w))*/y, line, at), put: REMOVED };
}

/** What follows a keyword within a line: up to a brace that stands alone, or to the quote that ends the text it is in. */
export function restOfStatement(line: string, at: number): Value {
  BRACE_OR_QUOTE.lastIndex = at;
  const end = BRACE_OR_QUOTE.exec(line)?.index ?? line.length;
  return quoted(line, at) ?? { start: at, end: at + line.slice(at, end).trimEnd().length, put: REMOVED };
}

/** A value of JSON; undefined where it is an object, or says that there is none. */
export function jsonValue(line: string, at: number): Value | undefined {
  const inQuotes = quoted(line, at);
  if (inQuotes !== undefined) return inQuotes;
  if (line[at] === '[') return { start: at, end: endOf(/\[[^\]]*\]?/y, line, at), put: `["${REMOVED}"]` };
  NO_VALUE.lastIndex = at;
  if (NO_VALUE.test(line)) return undefined;
  const end = endOf(NUMBER, line, at);
  // What is neither is no JSON, whatever its key looks like.
  return end === at ? oneWord(line, at) : { start: at, end, put: `"${REMOVED}"` };
}

/** The text of an element of XML. */
export function xmlText(line: string, at: number): Value {
  return { start: at, end: endOf(/[^<]*/y, line, at), put: REMOVED };
}

/** Where the quote stands that ends a value; undefined where it is not in this line. */
export function endOfQuote(line: string, start: number, quote: string): number | undefined {
  for (let at = start; at < line.length; at++) {
    if (line.startsWith(quote, at)) return at;
    if (line[at] === '\\') at++;
  }
  return undefined;
}

/** What is between two quotes, which stay; undefined where no quote begins. */
function quoted(line: string, at: number): Value | undefined {
  QUOTE.lastIndex = at;
  const [quote] = QUOTE.exec(line) ?? [];
  if (quote === undefined) return undefined;
  const start = at + quote.length;
  const end = endOfQuote(line, start, quote);
  return end === undefined ? { start, end: line.length, put: REMOVED, open: quote } : { start, end, put: REMOVED };
}

function endOf(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(line) ? pattern.lastIndex : at;
}
