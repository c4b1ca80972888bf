import { createGunzip } from 'node:zlib';
import { type BundleLimits, UNJUDGED_BYTES } from './limits.js';
import { pumped } from './pumped.js';
import { Refused } from './refused.js';

const PIECE_BYTES = 64 * 1024;

/**
 * What is packed with gzip, whole and with nothing behind it.
 *
 * @throws Refused where it is damaged, cut off, followed by something, or a bomb; whatever the chunks end in
 */
export async function* unzipped(
  chunks: AsyncIterable<Uint8Array>,
  { ratio }: Pick<BundleLimits, 'ratio'>,
): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  let packed = 0;
  let unpacked = 0;
  try {
    for await (const piece of pumped(
      gunzip,
      counted(chunks, (bytes) => (packed += bytes)),
    )) {
      unpacked += piece.length;
      if (unpacked > UNJUDGED_BYTES && unpacked > gunzip.bytesWritten * ratio) {
        throw new Refused(`it unpacks to more than ${ratio} times its size, as a decompression bomb does`, {
          limit: true,
        });
      }
      yield piece;
    }
  } catch (error) {
    throw refusal(error);
  }
  // Zeros after the end are no part of it for gunzip, whatever follows them.
  if (gunzip.bytesWritten < packed) throw new Refused('something follows the end of what is packed');
}

async function* counted(chunks: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

function refusal(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'Z_BUF_ERROR') return new Refused('it is cut off: the end of what is packed is missing');
  if (code?.startsWith('Z_')) return new Refused(`what is packed is damaged (${message})`);
  return error;
}
