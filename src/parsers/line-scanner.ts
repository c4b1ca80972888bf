import { counterOf, type Counter } from '../model/number.js';

const SPACE = 0x20;
const ZERO = 0x30;
const HYPHEN = 0x2d;
const UNDERSCORE = 0x5f;

const NO_BYTES = new Uint8Array();
const U64_DIGITS = 20;
const U64 = (1n << 64n) - 1n;

/**
 * The same bytes twice: to be scanned, which is several times as fast on bytes, and decoded as latin1, so that one
 * character is one byte, to cut strings from.
 */
export interface ScannedText {
  bytes: Uint8Array;
  text: string;
}

/** Bytes made ready to be scanned. */
export function scannedText(buffer: Buffer): ScannedText {
  return { bytes: buffer, text: buffer.toString('latin1') };
}

/**
 * A position in one line of a larger text. Words are separated by single spaces; what reads a word moves the position
 * behind the space that follows it. A million lines pass here: nothing is allocated but what is returned.
 */
export class LineScanner {
  protected bytes: Uint8Array = NO_BYTES;
  protected text = '';
  protected end = 0;
  protected pos = 0;
  /** The words read last: states and protocols repeat, and to find one again costs less than to make it anew. */
  private lastSmallWord = '';
  private lastCapitalWord = '';

  /** Puts the scanner on another line. */
  protected begin({ bytes, text }: ScannedText, start: number, end: number): void {
    this.bytes = bytes;
    this.text = text;
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

  /** The word at the position in small letters, digits and hyphens, as protocols are spelt; undefined where it is none. */
  protected smallWord(): string | undefined {
    const { bytes, pos, end, lastSmallWord } = this;
    if (lastSmallWord !== '' && this.atWord(lastSmallWord)) {
      this.pos += lastSmallWord.length + 1;
      return lastSmallWord;
    }
    let i = pos;
    for (; i < end && bytes[i] !== SPACE; i++) {
      const c = bytes[i]!;
      const letter = c >= 0x61 && c <= 0x7a;
      if (!letter && (i === pos || !(isDigit(c) || c === HYPHEN))) return undefined;
    }
    const word = this.take(i);
    if (word !== undefined) this.lastSmallWord = word;
    return word;
  }

  /** The word at the position in capitals, digits and underscores, as states are spelt; undefined where it is none. */
  protected capitalWord(): string | undefined {
    const { bytes, pos, end, lastCapitalWord } = this;
    if (lastCapitalWord !== '' && this.atWord(lastCapitalWord)) {
      this.pos += lastCapitalWord.length + 1;
      return lastCapitalWord;
    }
    let i = pos;
    for (; i < end && bytes[i] !== SPACE; i++) {
      const c = bytes[i]!;
      const capital = c >= 0x41 && c <= 0x5a;
      if (!capital && (i === pos || !(isDigit(c) || c === UNDERSCORE))) return undefined;
    }
    const word = this.take(i);
    if (word !== undefined) this.lastCapitalWord = word;
    return word;
  }

  private take(end: number): string | undefined {
    if (end === this.pos) return undefined;
    const word = this.text.substring(this.pos, end);
    this.pos = end + 1;
    return word;
  }

  /** Where free text ends: before the first word that matches, or with the line. */
  protected endBefore(next: RegExp): number {
    const found = next.exec(this.rest());
    return found ? this.pos + found.index : this.end;
  }

  /** The line from the position on. */
  protected rest(): string {
    return this.text.substring(this.pos, this.end);
  }

  /** The rest of a word as a whole number up to `most`; undefined, and nothing read, where it is none. */
  protected number(most: number): number | undefined {
    const { bytes, pos, end } = this;
    let value = 0;
    let i = pos;
    for (; i < end; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      if (value > most) return undefined;
    }
    if (i === pos || (i < end && bytes[i] !== SPACE)) return undefined;
    this.pos = i + 1;
    return value;
  }

  /** `key` with a whole number up to `most`; undefined, and nothing read, where that is not there. */
  protected numberAfter(key: string, most: number): number | undefined {
    const { pos } = this;
    const value = this.skip(key) ? this.number(most) : undefined;
    if (value === undefined) this.pos = pos;
    return value;
  }

  /** `key` with a 64-bit counter; undefined, and nothing read, where that is not there. */
  protected counterAfter(key: string): Counter | undefined {
    const { pos } = this;
    const value = this.skip(key) ? this.counter() : undefined;
    if (value === undefined) this.pos = pos;
    return value;
  }

  /** The rest of a word as a 64-bit counter, exact; undefined, and nothing read, where it is none. */
  protected counter(): Counter | undefined {
    const { pos } = this;
    const end = this.wordEnd();
    if (end - pos < 16) return this.number(Infinity);
    const digits = this.text.substring(pos, end);
    if (!/^\d+$/.test(digits) || end - pos > U64_DIGITS || BigInt(digits) > U64) return undefined;
    this.pos = end + 1;
    return counterOf(digits);
  }

  /**
   * The text from `skipped` characters behind the position up to `end`, with the position moved behind it. Names and
   * contexts may be UTF-8, and the line is decoded as latin1.
   */
  protected freeText(skipped: number, end: number): string {
    const text = this.text.substring(this.pos + skipped, end);
    this.pos = end + 1;
    // eslint-disable-next-line no-control-regex -- bytes above ASCII are what is looked for
    return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'latin1').toString('utf8');
  }
}

function isDigit(c: number): boolean {
  return c >= ZERO && c <= ZERO + 9;
}
