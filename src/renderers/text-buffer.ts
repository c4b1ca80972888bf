const FOUR_SPACES = 0x20202020;
/** Bytes that are written at once. What a last word writes too many is written over. */
const WORD = 4;
/** A longer literal is copied faster as a whole. */
const LONG_LITERAL = 32;
const ZERO = 0x30;
const LONGEST_NUMBER = 20;
const LARGEST_INTEGER = 0x3fff_ffff;
const LARGEST_SPLIT = LARGEST_INTEGER * 10_000;
const FIRST_BYTES = 4096;

/**
 * Text that is put together byte by byte in one buffer, which is used again and again: a million rows leave no garbage
 * behind.
 */
export class TextBuffer {
  private buffer = Buffer.allocUnsafe(FIRST_BYTES);
  /** The same bytes, to be written in words of four. */
  private view = viewOf(this.buffer);
  private used = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.used;
  }

  text(text: string): this {
    this.reserve(text.length * 3);
    const { buffer, used } = this;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c > 0x7f) {
        this.used += buffer.write(text, used, 'utf8');
        return this;
      }
      buffer[used + i] = c;
    }
    this.used += text.length;
    return this;
  }

  /** Text that is written again and again, made by {@link literal}: several times as fast as text. */
  literal({ bytes, words }: Literal): this {
    const { used } = this;
    this.reserve(bytes.length);
    if (bytes.length > LONG_LITERAL) this.buffer.set(bytes, used);
    else for (let i = 0; i < words.length; i++) this.view.setInt32(used + WORD * i, words[i]!, true);
    this.used = used + bytes.length;
    return this;
  }

  /** One byte. */
  byte(byte: number): this {
    this.reserve(1);
    this.buffer[this.used++] = byte;
    return this;
  }

  /** A field of a row, as it stands there. */
  copy({ bytes, view }: CopiedBytes, { start, end }: Stretch): this {
    const { used } = this;
    this.reserve(end - start);
    // In words of four bytes where the row goes on as far: fields are short, and a native copy would cost more than they do.
    if (end + WORD <= bytes.length)
      for (let i = start, to = used; i < end; i += WORD, to += WORD)
        this.view.setInt32(to, view.getInt32(i, true), true);
    else for (let i = start; i < end; i++) this.buffer[used + i - start] = bytes[i]!;
    this.used = used + end - start;
    return this;
  }

  /** A field behind a short literal: one step for what comes twenty times a row. */
  copyAfter({ bytes: lead, words }: Literal, { bytes, view }: CopiedBytes, { start, end }: Stretch): this {
    const from = this.used + lead.length;
    this.reserve(lead.length + end - start);
    const { view: out } = this;
    for (let i = 0; i < words.length; i++) out.setInt32(this.used + WORD * i, words[i]!, true);
    if (end + WORD <= bytes.length)
      for (let i = start, to = from; i < end; i += WORD, to += WORD) out.setInt32(to, view.getInt32(i, true), true);
    else for (let i = start; i < end; i++) this.buffer[from + i - start] = bytes[i]!;
    this.used = from + end - start;
    return this;
  }

  /** A whole number with all its digits. */
  number(value: number | bigint): this {
    if (typeof value === 'bigint' || value > LARGEST_SPLIT || value < 0) return this.text(String(value));
    if (value <= LARGEST_INTEGER) return this.digits(value);
    // Two halves that are small integers each: ids are 32 bits wide, and half of them are no small integers themselves.
    const high = Math.floor(value / 10_000);
    const low = value - high * 10_000;
    return this.digits(high)
      .digits((low / 1000) | 0)
      .digits(((low / 100) | 0) % 10)
      .digits(((low / 10) | 0) % 10)
      .digits(low % 10);
  }

  private digits(value: number): this {
    this.reserve(LONGEST_NUMBER);
    let digits = 1;
    for (let rest = value; rest >= 10; rest = (rest / 10) | 0) digits++;
    let rest = value;
    for (let i = this.used + digits - 1; i >= this.used; i--) {
      const quotient = (rest / 10) | 0;
      this.buffer[i] = ZERO + rest - quotient * 10;
      rest = quotient;
    }
    this.used += digits;
    return this;
  }

  /** Spaces up to `length` bytes, and one space where that is reached already. */
  fillTo(length: number): this {
    const end = Math.max(length, this.used + 1);
    this.reserve(end - this.used);
    for (let i = this.used; i < end; i += WORD) this.view.setInt32(i, FOUR_SPACES, true);
    this.used = end;
    return this;
  }

  /** The bytes so far; they stand until something is written again. The buffer is empty behind that. */
  take(): Buffer {
    const bytes = this.buffer.subarray(0, this.used);
    this.used = 0;
    return bytes;
  }

  /** Room for so many bytes, and for what a last word writes behind them. */
  private reserve(bytes: number): void {
    const needed = this.used + bytes + WORD;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(needed * 2);
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
    this.view = viewOf(larger);
  }
}

/** Text that is written again and again. */
export interface Literal {
  readonly bytes: Uint8Array;
  /** The same, filled up to whole words. */
  readonly words: Int32Array;
}

/** Where a field stands in its row. */
interface Stretch {
  start: number;
  end: number;
}

/** A row, to copy from. */
export interface CopiedBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Text for {@link TextBuffer.literal}. */
export function literal(text: string): Literal {
  const bytes = Buffer.from(text);
  const padded = Buffer.alloc(Math.ceil(bytes.length / WORD) * WORD);
  bytes.copy(padded);
  const words = Array.from({ length: padded.length / WORD }, (_, i) => padded.readInt32LE(i * WORD));
  return { bytes, words: Int32Array.from(words) };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** More than the words of flows that come again and again; names are free, and may be as many as there are flows. */
const MOST_LITERALS = 256;

/** Turns texts into literals, and remembers those that were asked for first: most texts come again and again. */
export function literals<Key>(write: (key: Key) => string): (key: Key) => Literal {
  const known = new Map<Key, Literal>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = literal(write(key));
    if (known.size < MOST_LITERALS) known.set(key, made);
    return made;
  };
}
