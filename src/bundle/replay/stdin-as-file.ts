import type { FileHandle } from 'node:fs/promises';
import { openCapture } from '../../sources/capture.js';
import { spooledFile } from '../../sources/spool.js';
import { limitsOf, type OpenOptions } from '../archive/open.js';
import { asFailure, Refused } from '../archive/refused.js';

/**
 * What comes through stdin as a file without a name, since an archive is looked at more than once. It is to be closed.
 *
 * @throws Failure BAD_CAPTURE where it is larger than a bundle may be, INTERRUPTED, OUTPUT_FAILED where there is no room
 */
export async function stdinAsFile(options: OpenOptions): Promise<FileHandle> {
  try {
    return await spooledFile(atMost(limitsOf(options).bytes, openCapture('-', options.abort).chunks), 'The bundle');
  } catch (error) {
    throw asFailure('stdin', error, options.raise);
  }
}

async function* atMost(limit: number, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > limit) throw new Refused(`it has more than ${limit} bytes`, { limit: true });
    yield chunk;
  }
}
