import { createHash } from 'node:crypto';
import { createGunzip, createGzip } from 'node:zlib';
import type { Spool } from '../../sources/spool.js';
import { pumped } from './pumped.js';

/** Quick rather than small: it is there for a minute only. */
const LEVEL = 1;
const PIECE_BYTES = 64 * 1024;

/** What was kept of a stream. */
export interface Stored {
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
  /** There was more than was allowed; that is left out. */
  truncated?: true;
  /** What the stream ended in before its time; what came until then is kept. */
  ended?: unknown;
}

/** Where a piece stands in the spool, and its length. */
type Extent = [position: number, length: number];

/** A stream as it is kept until it is written: packed, in pieces among those of others. */
export class SpooledItem {
  readonly stored: Stored;
  private readonly spool: Spool;
  private readonly extents: readonly Extent[];

  private constructor(stored: Stored, spool: Spool, extents: readonly Extent[]) {
    this.stored = stored;
    this.spool = spool;
    this.extents = extents;
  }

  /**
   * Takes a stream in, at most so many bytes of it.
   *
   * @throws Failure OUTPUT_FAILED where there is no room; never what the stream ends in
   */
  static async keep(chunks: AsyncIterable<Uint8Array>, spool: Spool, maxBytes: number): Promise<SpooledItem> {
    const tap = new Tap(maxBytes);
    const extents: Extent[] = [];
    for await (const piece of pumped(createGzip({ level: LEVEL, chunkSize: PIECE_BYTES }), tap.through(chunks))) {
      add(extents, await spool.append(piece), piece.length);
    }
    return new SpooledItem(tap.stored(), spool, extents);
  }

  /** Its bytes as they came. */
  async *read(): AsyncGenerator<Buffer> {
    yield* pumped(createGunzip({ chunkSize: PIECE_BYTES }), this.packed());
  }

  private async *packed(): AsyncGenerator<Buffer> {
    for (const [position, length] of this.extents) yield* this.spool.pieces(position, length);
  }
}

function add(extents: Extent[], position: number, length: number): void {
  const last = extents.at(-1);
  if (last !== undefined && last[0] + last[1] === position) last[1] += length;
  else extents.push([position, length]);
}

/** Counts what passes, and cuts it at a limit. */
class Tap {
  private readonly maxBytes: number;
  private readonly hash = createHash('sha256');
  private bytes = 0;
  private truncated = false;
  private ended: { error: unknown } | undefined;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  async *through(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const source = chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const chunk = await this.next(source);
        if (chunk === undefined) return;
        const part = chunk.subarray(0, this.maxBytes - this.bytes);
        this.hash.update(part);
        this.bytes += part.length;
        if (part.length > 0) yield part;
        // What ends exactly at the limit is whole.
        if (part.length < chunk.length) {
          this.truncated = true;
          return;
        }
      }
    } finally {
      await this.close(source);
    }
  }

  stored(): Stored {
    return {
      bytes: this.bytes,
      sha256: this.hash.digest('hex'),
      ...(this.truncated ? { truncated: true } : {}),
      ...(this.ended === undefined ? {} : { ended: this.ended.error }),
    };
  }

  private async next(source: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
    try {
      const next = await source.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      this.ended = { error };
      return undefined;
    }
  }

  /** A tool that can't even be ended properly is no reason to lose what it has said. */
  private async close(source: AsyncIterator<Uint8Array>): Promise<void> {
    try {
      await source.return?.();
    } catch (error) {
      this.ended ??= { error };
    }
  }
}
