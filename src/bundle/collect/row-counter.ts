const NEWLINE = 0x0a;

/** Counts the lines of a stream in passing, and ends it after so many. */
export class RowCounter {
  /** Lines that went through. */
  rows = 0;
  /** There were more than allowed; those are left out. */
  cut = false;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  async *through(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const end = this.endOf(chunk);
      yield chunk.subarray(0, end);
      if (!this.cut) continue;
      return;
    }
  }

  /** Where the last line that is allowed ends. */
  private endOf(chunk: Buffer): number {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      if (this.rows === this.most) break;
      this.rows += 1;
      from = at + 1;
    }
    this.cut = this.rows === this.most && from < chunk.length;
    return this.cut ? from : chunk.length;
  }
}
