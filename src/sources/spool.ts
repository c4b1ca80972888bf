import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../model/failure.js';
import { exists } from './files.js';

const READ_BYTES = 64 * 1024;
/** Where large files belong: /tmp is memory on many systems. */
const LARGE_FILES = '/var/tmp';

/** What is kept, for sentences: `The flows`. */
const USUALLY = 'The flows';

/**
 * A temporary file for what is too large to be kept in memory, or must be taken in faster than we can use it. It has no
 * name from the beginning: nothing is left of it, however we end.
 */
export class Spool {
  /** The file itself, for who reads it on. */
  readonly handle: FileHandle;
  private readonly place: Place;
  private written = 0;

  private constructor(file: FileHandle, place: Place) {
    this.handle = file;
    this.place = place;
  }

  /** Where temporary files belong. @throws Failure OUTPUT_FAILED where there is no room */
  static async open(what = USUALLY): Promise<Spool> {
    const place = { folder: await temporaryFolder(), what };
    return new Spool(await unnamedFile(place.folder).catch((error: unknown) => noRoom(place, error)), place);
  }

  /** At a path that nothing stands at, for as long as it has a name. @throws Failure OUTPUT_FAILED */
  static async at(path: string, what = USUALLY): Promise<Spool> {
    const place = { folder: dirname(path), what };
    return new Spool(await unlinkedFile(path).catch((error: unknown) => noRoom(place, error)), place);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.written;
  }

  /**
   * Adds bytes to the end, also while others are being added. @returns where they stand
   *
   * @throws Failure OUTPUT_FAILED where there is no room
   */
  async append(bytes: Uint8Array): Promise<number> {
    const position = this.written;
    this.written += bytes.length;
    await this.writeAt(bytes, position).catch((error: unknown) => noRoom(this.place, error));
    return position;
  }

  /** A full disk takes a part first, and says what is wrong only when it is asked again. */
  private async writeAt(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      done += (await this.handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
    }
  }

  /** Reads into `into` from `position` on. @returns how many bytes there were */
  async read(into: Uint8Array, position: number): Promise<number> {
    return (await this.handle.read(into, 0, into.length, position)).bytesRead;
  }

  /** So many bytes from `position` on, piece by piece. */
  async *pieces(position: number, length: number): AsyncGenerator<Buffer> {
    for (const end = position + length; position < end;) {
      const chunk = Buffer.allocUnsafe(Math.min(READ_BYTES, end - position));
      const bytes = await this.read(chunk, position);
      if (bytes === 0) return;
      position += bytes;
      yield chunk.subarray(0, bytes);
    }
  }

  async close(): Promise<void> {
    await this.handle.close();
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
    yield* spool.pieces(0, spool.length);
  } finally {
    await spool.close();
  }
}

/**
 * A stream as a temporary file without a name, to be closed by whoever reads it.
 *
 * @throws Failure OUTPUT_FAILED where there is no room; what the stream ends in
 */
export async function spooledFile(chunks: AsyncIterable<Buffer>, what: string): Promise<FileHandle> {
  const spool = await Spool.open(what);
  try {
    for await (const chunk of chunks) await spool.append(chunk);
    return spool.handle;
  } catch (error) {
    await spool.close();
    throw error;
  }
}

async function temporaryFolder(): Promise<string> {
  return process.env['TMPDIR'] !== undefined || !(await exists(LARGE_FILES)) ? tmpdir() : LARGE_FILES;
}

async function unnamedFile(parent: string): Promise<FileHandle> {
  const folder = await mkdtemp(join(parent, 'ctsync-'));
  try {
    return await unlinkedFile(join(folder, 'spool'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is there already is never opened, and no link is followed: `x` stands for O_EXCL. */
async function unlinkedFile(path: string): Promise<FileHandle> {
  const file = await open(path, 'wx+', 0o600);
  await rm(path, { force: true });
  return file;
}

/** Where a spool is, and what is kept in it. */
interface Place {
  folder: string;
  what: string;
}

function noRoom({ folder, what }: Place, error: unknown): never {
  throw new Failure('OUTPUT_FAILED', `${what} could not be kept in ${folder}: ${String(error)}.`, {
    next: 'Make room there, or name another folder with TMPDIR.',
    cause: error,
  });
}
