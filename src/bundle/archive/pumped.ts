import { once } from 'node:events';
import type { Gunzip, Gzip } from 'node:zlib';
import { SpentPieces } from '../../sources/spent-pieces.js';

/**
 * What becomes of the chunks in gzip or gunzip. The next chunk is asked for only once all of the last one has been used:
 * it may be overwritten by then, and whoever stops reading us is never left waiting for a chunk that does not come.
 *
 * Ends early where gunzip has found its end and does not take what follows; `bytesWritten` of it tells.
 */
export async function* pumped(zlib: Gzip | Gunzip, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const pump = new Pump(zlib);
  const spent = new SpentPieces();
  try {
    for await (const chunk of chunks) {
      yield* pump.until((done) => zlib.write(chunk, done));
      spent.add(chunk.length);
      if (zlib.readableEnded) return;
    }
    yield* pump.until((done) => zlib.end(done));
    if (!zlib.readableEnded) yield* pump.until((done) => void once(zlib, 'end').then(done, done));
  } finally {
    zlib.destroy();
  }
}

class Pump {
  private readonly zlib: Gzip | Gunzip;
  private error: Error | undefined;
  private readonly spent = new SpentPieces();
  private wake = (): void => undefined;

  constructor(zlib: Gzip | Gunzip) {
    this.zlib = zlib;
    zlib.on('readable', () => this.wake());
    zlib.on('end', () => this.wake());
    zlib.on('error', (error) => {
      this.error ??= error;
      this.wake();
    });
  }

  /** What comes out until something that is begun is done. */
  async *until(begin: (done: () => void) => void): AsyncGenerator<Buffer> {
    let done = false;
    begin(() => {
      done = true;
      this.wake();
    });
    for (;;) {
      const woken = new Promise<void>((resolve) => (this.wake = resolve));
      if (this.error) throw this.error;
      const piece = this.zlib.read() as Buffer | null;
      if (piece !== null) {
        yield piece;
        this.spent.add(piece.length);
      } else if (done || this.zlib.readableEnded) return;
      else await woken;
    }
  }
}
