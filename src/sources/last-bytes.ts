import type { Readable } from 'node:stream';

/** The end of what a stream says. It is read to its end, so that who writes into it never has to wait. */
export class LastBytes {
  private readonly limit: number;
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(stream: Readable, limit: number) {
    this.limit = limit;
    stream.on('data', (chunk: Buffer) => this.keep(chunk));
    // A stream that breaks has said all that it could.
    stream.on('error', () => undefined);
  }

  /** What is kept, decoded as latin1. */
  text(): string {
    return Buffer.concat(this.chunks).subarray(-this.limit).toString('latin1');
  }

  private keep(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (this.length - (this.chunks[0]?.length ?? 0) >= this.limit) {
      this.length -= this.chunks.shift()?.length ?? 0;
    }
  }
}
