import type { CleaningCounts } from '../../model/cleaning.js';
import type { Piece } from './pieces.js';
import type { SecretWord } from './secret-statement.js';
import { secretBehind } from './secret-statement.js';
import type { Value } from './secret-value.js';
import { endOfQuote } from './secret-value.js';
import { ANY_WORD, MAY_HAVE_SECRETS, REMOVED, SHAPES } from './secret-words.js';

/** What is still to be removed behind the end of a line, or of a piece of one. */
type Open =
  | { what: 'pem' }
  /** Behind a backslash at the end of a line. */
  | { what: 'continued' }
  /** In quotes; for so many lines yet: if it does not end in them it was none. */
  | { what: 'quoted'; quote: string; lines: number }
  /** A block of YAML: lines that are indented more than this. */
  | { what: 'indented'; by: number }
  /** The rest of a line that comes in pieces. */
  | { what: 'line' };

const LINES_IN_QUOTES = 8;
const PEM_BEGIN = '-----BEGIN ';
const PEM_END = '-----END ';
const BEFORE_STATEMENT = /^[\s#!;*/-]*(?:@\^?\S+\s+)?(?:(?:set|export|option)\s+)?\$?(?:[\w.][\w.-]*)?$/i;
const YAML_BLOCK = /^[|>][+-]?\d?$/;

/** To see that a password is empty may be what helps. */
const NOTHING = /^(?:""|'')?$/;

/** Removes passwords, communities, keys and their like from a text that comes in pieces. */
export class Secrets {
  private readonly counts: CleaningCounts;
  private open: Open | undefined;

  constructor(counts: CleaningCounts) {
    this.counts = counts;
  }

  /** The piece with as many lines as before. */
  clean({ text, midLine, isCut }: Piece): string {
    if (this.open === undefined && !MAY_HAVE_SECRETS.test(text)) return text;
    return text
      .split('\n')
      .map((line, i, { length }) => this.line(line, { isStart: i > 0 || !midLine, isWhole: i < length - 1 || !isCut }))
      .join('\n');
  }

  private line(line: string, part: { isStart: boolean; isWhole: boolean }): string {
    const left = line.slice(this.close(line, part.isWhole));
    if (!MAY_HAVE_SECRETS.test(left)) return left;
    const shaped = SHAPES.reduce((text, shape) => text.replace(shape, (found) => this.removed(found)), left);
    return this.statements(shaped, { isStart: part.isStart && left === line, isWhole: part.isWhole });
  }

  /** How much of a line belongs to a secret of the lines before it. Its mark stands where it began. */
  private close(line: string, isWhole: boolean): number {
    const { open } = this;
    if (open === undefined) return 0;
    const end = endOfOpen(open, line);
    if (end !== undefined) this.open = undefined;
    else if (isWhole) this.open = openInNextLine(open, line);
    return end ?? line.length;
  }

  private statements(line: string, { isStart, isWhole }: { isStart: boolean; isWhole: boolean }): string {
    let cleaned = '';
    let copied = 0;
    let isFirst = isStart;
    for (let at = 0; at < line.length;) {
      const word = nextWord(line, at, isFirst);
      const pem = line.indexOf(PEM_BEGIN, at);
      const isPem = pem >= 0 && (word === undefined || pem < word.end);
      if (!isPem && word === undefined) break;
      isFirst = false;
      const value = isPem ? this.pem(line, pem + PEM_BEGIN.length) : secretBehind(line, word!);
      at = Math.max(value?.end ?? 0, isPem ? pem + PEM_BEGIN.length : word!.end);
      if (value === undefined) continue;
      const { start, end } = value;
      if (!isPem) this.keepOpen(line, value, isWhole);
      cleaned += line.slice(copied, start) + this.removed(line.slice(start, end), value.put);
      copied = end;
    }
    return cleaned + line.slice(copied);
  }

  /** A block of PEM, of which the marks stay. */
  private pem(line: string, start: number): Value {
    const end = line.indexOf(PEM_END, start);
    if (end < 0) this.open = { what: 'pem' };
    return { start, end: end < 0 ? line.length : end, put: `${REMOVED} ` };
  }

  /** Whether more of a value is in what follows. */
  private keepOpen(line: string, { start, end, open }: Value, isWhole: boolean): void {
    const value = line.slice(start, end);
    if (open !== undefined) this.open = { what: 'quoted', quote: open, lines: LINES_IN_QUOTES };
    else if (!isWhole && end >= line.trimEnd().length) this.open = { what: 'line' };
    else if (value.endsWith('\\')) this.open = { what: 'continued' };
    else if (YAML_BLOCK.test(value)) this.open = { what: 'indented', by: indentOf(line) };
  }

  private removed(secret: string, put = REMOVED): string {
    const isNothing = this.open === undefined && NOTHING.test(secret);
    if (isNothing || secret.trim() === put.trim()) return secret;
    this.counts.secrets += 1;
    return put;
  }
}

function nextWord(line: string, at: number, isFirst: boolean): SecretWord | undefined {
  ANY_WORD.lastIndex = at;
  const found = ANY_WORD.exec(line);
  if (found === null) return undefined;
  return {
    text: found[0],
    end: ANY_WORD.lastIndex,
    isStrong: found.groups?.['strong'] !== undefined,
    isFirst: isFirst && BEFORE_STATEMENT.test(line.slice(0, found.index)),
  };
}

/** Where in a line that ends which was open; undefined where it does not. */
function endOfOpen(open: Open, line: string): number | undefined {
  if (open.what === 'pem') {
    const end = line.indexOf(PEM_END);
    return end < 0 ? undefined : end;
  }
  if (open.what === 'quoted') return endOfQuote(line, 0, open.quote);
  const isBehindBlock = open.what === 'indented' && line.trim() !== '' && indentOf(line) <= open.by;
  return isBehindBlock ? 0 : undefined;
}

/** What is open in the line behind one that was removed to its end. */
function openInNextLine(open: Open, line: string): Open | undefined {
  if (open.what === 'quoted') return open.lines > 1 ? { ...open, lines: open.lines - 1 } : undefined;
  if (open.what === 'pem' || open.what === 'indented') return open;
  return /\\\s*$/.test(line.slice(-8)) ? { what: 'continued' } : undefined;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
