import type { Span } from '../model/flow-row.js';

const SPACE = 0x20;
const ZERO = 0x30;
const NINE = 0x39;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

const NO_BYTES = Buffer.alloc(0);

/** A word as bytes, to be compared with those of a line: the first four at once, where it has as many. */
export interface Word {
  readonly bytes: Uint8Array;
  readonly length: number;
  /** The first four bytes as one number, the first byte lowest. */
  readonly head: number;
}

const HEAD_BYTES = 4;

export function word(text: string): Word {
  const bytes = Buffer.from(text);
  return { bytes, length: bytes.length, head: bytes.length < HEAD_BYTES ? 0 : bytes.readUInt32LE(0) };
}

const NOTHING = word('');

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
  /** The same bytes, to be read in fours. */
  protected view: DataView = new DataView(new ArrayBuffer(0));
  protected end = 0;
  protected pos = 0;

  /** Puts the scanner on another line. */
  protected begin(bytes: Buffer, start: number, end: number): void {
    if (bytes !== this.bytes) this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.bytes = bytes;
    this.pos = start;
    this.end = end;
  }

  /** True where the text goes on with `word`. */
  protected at(word: Word): boolean {
    const { bytes, pos } = this;
    if (pos + word.length > this.end) return false;
    let i = 0;
    if (word.length >= HEAD_BYTES) {
      if (this.view.getUint32(pos, true) !== word.head) return false;
      i = HEAD_BYTES;
    }
    for (; i < word.length; i++) if (bytes[pos + i] !== word.bytes[i]) return false;
    return true;
  }

  /** True where `word` is the whole word at the position. */
  protected atWord(word: Word): boolean {
    const next = this.pos + word.length;
    return this.at(word) && (next >= this.end || this.bytes[next] === SPACE);
  }

  /** Moves behind `word` where the text goes on with it. */
  protected skip(word: Word): boolean {
    if (!this.at(word)) return false;
    this.pos += word.length;
    return true;
  }

  /** Moves behind the same text as another one of the line, where it goes on with it. */
  protected same(into: Span, { start, end }: Span): boolean {
    const { bytes, view, pos } = this;
    const length = end - start;
    if (pos + length > this.end) return false;
    let i = 0;
    for (; i + HEAD_BYTES <= length; i += HEAD_BYTES)
      if (view.getInt32(pos + i, true) !== view.getInt32(start + i, true)) return false;
    for (; i < length; i++) if (bytes[pos + i] !== bytes[start + i]) return false;
    into.put(pos, pos + length);
    this.pos = pos + length;
    return true;
  }

  protected atWordEnd(): boolean {
    return this.pos >= this.end || this.bytes[this.pos] === SPACE;
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
   * The rest of a word as a whole number within its range; false, and nothing read, where it is none. Leading zeros make it
   * none: no tool prints any, and what is copied into JSON must not have them.
   */
  protected number(into: Span, range: Range): boolean {
    return this.numberAfter(NOTHING, into, range);
  }

  /**
   * `key` with a whole number; false, and nothing read, where that is not there or was there before. Most of a line is made
   * of these, so it is in one piece: key and digits are looked at once.
   */
  protected numberAfter(key: Word, into: Span, range: Range): boolean {
    const { bytes, pos, end } = this;
    if (into.given || !this.at(key)) return false;
    const start = pos + key.length;
    let i = start;
    for (; i < end; i++) {
      const c = bytes[i]!;
      if (c < ZERO || c > NINE) break;
    }
    const digits = i - start;
    if (digits <= 0 || (i < end && bytes[i] !== SPACE) || (digits > 1 && bytes[start] === ZERO)) return false;
    if (digits >= range.length && !this.isWithin(range, start, i)) return false;
    into.put(start, i);
    this.pos = i + 1;
    return true;
  }

  /** Of a number with as many digits as the largest, or more. */
  private isWithin(range: Range, start: number, end: number): boolean {
    const { bytes } = this;
    if (end - start > range.length) return false;
    for (let i = 0; i < range.length; i++) {
      const difference = bytes[start + i]! - range[i]!;
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
