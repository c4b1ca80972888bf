/** Where a renderer's text goes. */
export interface Sink {
  /** Settles once the bytes have left; rejects where nobody reads any more, or nothing more can be written. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** Width of the terminal; absent where the output is a pipe or a file. */
  readonly columns?: number | undefined;
  /** Whether colours may be used. */
  readonly colour: boolean;
}

/** Larger writes cost fewer system calls; smaller ones show rows earlier. */
const WRITE_BYTES = 64 * 1024;
const LONGEST_NUMBER = 20;

const SPACE = 0x20;
const ZERO = 0x30;

/**
 * Gathers text into writes of a size that a pipe takes well, in one buffer that is used again and again: a million rows
 * leave no garbage behind.
 */
export class BufferedSink {
  private readonly sink: Sink;
  private buffer = Buffer.allocUnsafe(WRITE_BYTES * 2);
  private length = 0;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  /** True once there is enough to be flushed. */
  get full(): boolean {
    return this.length >= WRITE_BYTES;
  }

  text(text: string): this {
    this.reserve(text.length * 3);
    const { buffer, length } = this;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c > 0x7f) {
        this.length += buffer.write(text, length, 'utf8');
        return this;
      }
      buffer[length + i] = c;
    }
    this.length += text.length;
    return this;
  }

  /** Text in a column: filled up to `width`, or one space behind it where it is as wide or wider. */
  padded(text: string, width: number): this {
    this.text(text);
    const spaces = Math.max(width - text.length, 1);
    this.reserve(spaces);
    for (let i = 0; i < spaces; i++) this.buffer[this.length++] = SPACE;
    return this;
  }

  number(value: number | bigint): this {
    if (typeof value === 'bigint' || value > 0x7fff_ffff || value < 0) return this.text(String(value));
    this.reserve(LONGEST_NUMBER);
    let digits = 1;
    for (let rest = value; rest >= 10; rest = (rest / 10) | 0) digits++;
    let rest = value;
    for (let i = this.length + digits - 1; i >= this.length; i--) {
      const quotient = (rest / 10) | 0;
      this.buffer[i] = ZERO + rest - quotient * 10;
      rest = quotient;
    }
    this.length += digits;
    return this;
  }

  /** Writes what is there, and settles once the buffer is free again. */
  async flush(): Promise<void> {
    if (this.length === 0) return;
    const bytes = this.buffer.subarray(0, this.length);
    this.length = 0;
    await this.sink.write(bytes);
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe((this.length + bytes) * 2);
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}
