import { TextBuffer } from './text-buffer.js';

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

/** Gathers text into writes of a size that a pipe takes well. */
export class BufferedSink extends TextBuffer {
  private readonly sink: Sink;

  constructor(sink: Sink) {
    super();
    this.sink = sink;
  }

  /** True once there is enough to be flushed. */
  get full(): boolean {
    return this.length >= WRITE_BYTES;
  }

  /** Writes what is there, and settles once the buffer is free again. */
  async flush(): Promise<void> {
    if (this.length > 0) await this.sink.write(this.take());
  }
}
