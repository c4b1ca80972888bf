import type { Span } from '../model/flow-row.js';

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

const NO_BYTES = Buffer.alloc(0);
const U64_DIGITS = 20;
const U64 = (1n << 64n) - 1n;

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

  /**
   * The rest of a word as a whole number up to `most`, without leading zeros: no tool prints any, and what is copied into
   * JSON must not have them. False, and nothing read, where it is none.
   */
  protected number(into: Span, most: number): boolean {
    const { bytes, pos, end } = this;
    let value = 0;
    let i = pos;
    for (; i < end; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (i === pos || value > most || (i < end && bytes[i] !== SPACE)) return false;
    if (bytes[pos] === ZERO && i > pos + 1) return false;
    into.put(pos, i);
    this.pos = i + 1;
    return true;
  }

  /** `key` with a whole number up to `most`; false, and nothing read, where that is not there or was there before. */
  protected numberAfter(key: string, into: Span, most: number): boolean {
    const { pos } = this;
    if (into.given || !this.skip(key)) return false;
    if (this.number(into, most)) return true;
    this.pos = pos;
    return false;
  }

  /** `key` with a 64-bit counter, as {@link numberAfter}. */
  protected counterAfter(key: string, into: Span): boolean {
    const { pos } = this;
    if (into.given || !this.skip(key)) return false;
    if (this.number(into, Infinity) && this.fits64Bits(into)) return true;
    into.clear();
    this.pos = pos;
    return false;
  }

  private fits64Bits({ start, end }: Span): boolean {
    if (end - start < U64_DIGITS) return true;
    return end - start === U64_DIGITS && BigInt(this.bytes.toString('latin1', start, end)) <= U64;
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
