import type { Span } from '../model/flow-row.js';

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

const NO_BYTES = Buffer.alloc(0);

/** The largest number that a field may hold, as its digits: compared as text, 64 bits are as good as eight. */
export type Range = Uint8Array;

export const U8 = unsigned(8n);
export const U16 = unsigned(16n);
export const U32 = unsigned(32n);
export const U64 = unsigned(64n);

function unsigned(bits: bigint): Range {
  return Buffer.from(String((1n << bits) - 1n));
}

/**
 * A position in one line of a larger text. Words are separated by single spaces; what reads a word moves the position
 * behind the space that follows it, and puts down where the value stands. A million lines pass here, each byte is looked
 * at about once, and nothing is allocated.
 */
export class LineScanner {
  protected bytes: Buffer = NO_BYTES;
  protected end = 0;
  protected pos = 0;

  /** Puts the scanner on another line. */
  protected begin(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.pos = start;
    this.end = end;
  }

  /** True where the text goes on with `word`. */
  protected at(word: string): boolean {
    const { bytes, pos } = this;
    for (let i = 0; i < word.length; i++) if (bytes[pos + i] !== word.charCodeAt(i)) return false;
    return pos + word.length <= this.end;
  }

  /** True where `word` is the whole word at the position. */
  protected atWord(word: string): boolean {
    const next = this.pos + word.length;
    return this.at(word) && (next >= this.end || this.bytes[next] === SPACE);
  }

  /** Moves behind `word` where the text goes on with it. */
  protected skip(word: string): boolean {
    if (!this.at(word)) return false;
    this.pos += word.length;
    return true;
  }

  protected skipSpaces(): void {
    while (this.pos < this.end && this.bytes[this.pos] === SPACE) this.pos++;
  }

  /** Where the word at the position ends: at the next space, or with the line. */
  protected wordEnd(): number {
    const { bytes, end } = this;
    let i = this.pos;
    while (i < end && bytes[i] !== SPACE) i++;
    return i;
  }

  /** A word in small letters, digits and hyphens, as protocols are spelt; false, and nothing read, where it is none. */
  protected smallWord(into: Span): boolean {
    const { bytes, pos, end } = this;
    let i = pos;
    for (; i < end && bytes[i] !== SPACE; i++) {
      const c = bytes[i]!;
      const letter = c >= 0x61 && c <= 0x7a;
      if (!letter && (i === pos || !(isDigit(c) || c === HYPHEN))) return false;
    }
    return this.take(into, i);
  }

  /** A word in capitals, digits and underscores, as states are spelt; false, and nothing read, where it is none. */
  protected capitalWord(into: Span): boolean {
    const { bytes, pos, end } = this;
    let i = pos;
    for (; i < end && bytes[i] !== SPACE; i++) {
      const c = bytes[i]!;
      const capital = c >= 0x41 && c <= 0x5a;
      if (!capital && (i === pos || !(isDigit(c) || c === UNDERSCORE))) return false;
    }
    return this.take(into, i);
  }

  private take(into: Span, end: number): boolean {
    if (end === this.pos) return false;
    into.put(this.pos, end);
    this.pos = end + 1;
    return true;
  }

  /** Where free text ends: before the first word that matches, or with the line. */
  protected endBefore(next: RegExp): number {
    const found = next.exec(this.rest());
    return found ? this.pos + found.index : this.end;
  }

  /** The line from the position on, one character for each byte. */
  protected rest(most = Infinity): string {
    return this.bytes.toString('latin1', this.pos, Math.min(this.end, this.pos + most));
  }

  /** The rest of a word as a whole number within its range; false, and nothing read, where it is none. */
  protected number(into: Span, range: Range): boolean {
    const end = this.digitsEnd();
    if (end < 0 || !this.isWithin(range, end)) return false;
    into.put(this.pos, end);
    this.pos = end + 1;
    return true;
  }

  /** `key` with a whole number; false, and nothing read, where that is not there or was there before. */
  protected numberAfter(key: string, into: Span, range: Range): boolean {
    const { pos } = this;
    if (into.given || !this.skip(key)) return false;
    if (this.number(into, range)) return true;
    this.pos = pos;
    return false;
  }

  /**
   * Where the digits that make up the rest of the word end, or -1. Leading zeros make it no number: no tool prints any, and
   * what is copied into JSON must not have them.
   */
  private digitsEnd(): number {
    const { bytes, pos, end } = this;
    let i = pos;
    for (; i < end; i++) {
      const c = bytes[i]!;
      if (c < ZERO || c > NINE) break;
    }
    if (i === pos || (i < end && bytes[i] !== SPACE)) return -1;
    return bytes[pos] === ZERO && i > pos + 1 ? -1 : i;
  }

  private isWithin(range: Range, end: number): boolean {
    const { bytes, pos } = this;
    const digits = end - pos;
    if (digits !== range.length) return digits < range.length;
    for (let i = 0; i < digits; i++) {
      const difference = bytes[pos + i]! - range[i]!;
      if (difference !== 0) return difference < 0;
    }
    return true;
  }

  /** Free text from `skipped` characters behind the position up to `end`, with the position moved behind it. */
  protected freeText(into: Span, skipped: number, end: number): void {
    into.put(this.pos + skipped, end);
    this.pos = end + 1;
  }
}

function isDigit(c: number): boolean {
  return c >= ZERO && c <= NINE;
}
