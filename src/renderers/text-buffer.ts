const SPACE = 0x20;
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

  /** Bytes that are written again and again, made by {@link literal}: several times as fast as text. */
  literal(bytes: Uint8Array): this {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.used);
    this.used += bytes.length;
    return this;
  }

  /** One byte. */
  byte(byte: number): this {
    this.reserve(1);
    this.buffer[this.used++] = byte;
    return this;
  }

  /** The bytes of another buffer from `start` to before `end`, as they are. */
  copy(source: Uint8Array, { start, end }: { start: number; end: number }): this {
    this.reserve(end - start);
    const { buffer } = this;
    let { used } = this;
    // A loop: fields are short, and a view of the source would cost more than the bytes.
    for (let i = start; i < end; i++) buffer[used++] = source[i]!;
    this.used = used;
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
    while (this.used < end) this.buffer[this.used++] = SPACE;
    return this;
  }

  /** The bytes so far; they stand until something is written again. The buffer is empty behind that. */
  take(): Buffer {
    const bytes = this.buffer.subarray(0, this.used);
    this.used = 0;
    return bytes;
  }

  private reserve(bytes: number): void {
    if (this.used + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe((this.used + bytes) * 2);
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}

/** Text as bytes for {@link TextBuffer.literal}. */
export function literal(text: string): Uint8Array {
  return Buffer.from(text);
}

/** More than the words of flows that come again and again; names are free, and may be as many as there are flows. */
const MOST_LITERALS = 256;

/** Turns texts into literals, and remembers those that were asked for first: most texts come again and again. */
export function literals(write: (text: string) => string): (text: string) => Uint8Array {
  const known = new Map<string, Uint8Array>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = literal(write(text));
    if (known.size < MOST_LITERALS) known.set(text, made);
    return made;
  };
}
