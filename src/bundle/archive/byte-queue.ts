const NOTHING = Buffer.alloc(0);

/** A stream of bytes, taken in the lengths that a format has, and not in those that it comes in. */
export class ByteQueue {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private rest: Buffer = NOTHING;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** So many bytes, which nobody overwrites; fewer where the stream has ended. */
  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const piece of this.pieces(count)) parts.push(Buffer.from(piece));
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** So many bytes in pieces, each of which stands until the next one; fewer where the stream has ended. */
  async *pieces(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (this.rest.length === 0 && !(await this.refill())) return;
      const piece = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  /** Nothing more is taken: what gives the stream is told so. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private async refill(): Promise<boolean> {
    const next = await this.chunks.next();
    if (next.done === true) return false;
    const { value } = next;
    this.rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    // An empty chunk is no end.
    return this.rest.length > 0 || this.refill();
  }
}
