import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../model/failure.js';

const READ_BYTES = 64 * 1024;

/**
 * Takes a stream in as fast as it comes and gives it back from a temporary file, for a writer that must not wait for our
 * reader. The file has no name from the beginning: nothing is left of it, however we end.
 */
export async function* spooled(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const file = await unnamedFile();
  try {
    for await (const chunk of chunks) await file.writeFile(chunk).catch(noRoom);
    let position = 0;
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function unnamedFile() {
  const folder = await mkdtemp(join(tmpdir(), 'ctsync-'));
  try {
    return await open(join(folder, 'spool'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noRoom(error: unknown): never {
  throw new Failure('OUTPUT_FAILED', `The dump could not be kept in ${tmpdir()}: ${String(error)}.`, {
    next: 'Make room there, or name another folder with TMPDIR.',
    cause: error,
  });
}
