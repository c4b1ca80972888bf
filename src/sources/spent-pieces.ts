import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How much may lie about that has been used already. */
const MOST_BYTES = 8 * 1024 * 1024;

type Collect = (options: { type: 'minor' }) => void;

let collect: Collect | undefined;

/**
 * Frees the pieces that a stream has given and that have been used. They lie outside of V8's heap, and V8 itself would look
 * for them only when there are 32 MiB of them: a third of all the memory that a million flows take. It takes 0.2 ms.
 */
export class SpentPieces {
  private bytes = 0;

  /** A piece of so many bytes has been used. */
  add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes < MOST_BYTES) return;
    this.bytes = 0;
    collect ??= collector();
    collect({ type: 'minor' });
  }
}

/** V8 gives its collector away only where it is told to before a context is made. Without it, memory is freed later. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  return typeof gc === 'function' ? (gc as Collect) : () => undefined;
}
