import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import { exists } from './files.js';

const READ_BYTES = 64 * 1024;
/** Where large files belong: /tmp is memory on many systems. */
const LARGE_FILES = '/var/tmp';

/**
 * A temporary file for what is too large to be kept in memory, or must be taken in faster than we can use it. It has no
 * name from the beginning: nothing is left of it, however we end.
 */
export class Spool {
  private readonly file: FileHandle;
  private readonly folder: string;
  private written = 0;

  private constructor(file: FileHandle, folder: string) {
    this.file = file;
    this.folder = folder;
  }

  /** @throws Failure OUTPUT_FAILED where there is no room */
  static async open(): Promise<Spool> {
    const folder = await temporaryFolder();
    return new Spool(await unnamedFile(folder).catch((error: unknown) => noRoom(folder, error)), folder);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.written;
  }

  /** Adds bytes to the end. @throws Failure OUTPUT_FAILED where there is no room */
  async append(bytes: Uint8Array): Promise<void> {
    await this.file.writeFile(bytes).catch((error: unknown) => noRoom(this.folder, error));
    this.written += bytes.length;
  }

  /** Reads into `into` from `position` on. @returns how many bytes there were */
  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.file.read(into, 0, into.length, position)).bytesRead;
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/**
 * Takes a stream in as fast as it comes and gives it back from a temporary file, for a writer that must not wait for our
 * reader.
 */
export async function* spooled(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const spool = await Spool.open();
  try {
    for await (const chunk of chunks) await spool.append(chunk);
    for (let position = 0; position < spool.length;) {
      const chunk = Buffer.allocUnsafe(READ_BYTES);
      const bytes = await spool.read(chunk, position);
      if (bytes === 0) return;
      position += bytes;
      yield chunk.subarray(0, bytes);
    }
  } finally {
    await spool.close();
  }
}

async function temporaryFolder(): Promise<string> {
  return process.env['TMPDIR'] !== undefined || !(await exists(LARGE_FILES)) ? tmpdir() : LARGE_FILES;
}

async function unnamedFile(parent: string): Promise<FileHandle> {
  const folder = await mkdtemp(join(parent, 'ctsync-'));
  try {
    return await open(join(folder, 'spool'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function noRoom(folder: string, error: unknown): never {
  throw new Failure('OUTPUT_FAILED', `The flows could not be kept in ${folder}: ${String(error)}.`, {
    next: 'Make room there, or name another folder with TMPDIR.',
    cause: error,
  });
}
