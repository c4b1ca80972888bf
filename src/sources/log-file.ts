import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Failure } from '../model/failure.js';
import { NOT_REGULAR, systemError } from './files.js';

const BLOCK_BYTES = 64 * 1024;
/** More at once would keep more records alive at a time. */
const READ_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
const NOTHING: Buffer = Buffer.alloc(0);
/** Times in a log may jump back: so much of it has to be too old before what stands further up is not looked at. */
const OLD_BYTES = 1024 * 1024;

/** Whether a line belongs to a time that is not asked for; undefined where it has no time. */
export type IsOld = (line: Buffer) => boolean | undefined;

/**
 * A log that lies in a regular file, which its writer may go on writing to. What is wanted of it stands at its end, so it
 * is looked for from there: a large log costs no more than a small one.
 */
export class LogFile {
  /** Bytes that were there when it was opened: whoever writes on must not keep us reading. */
  readonly size: number;
  /** When it had been written to last. */
  readonly written: Date;
  private readonly file: FileHandle;

  private constructor(file: FileHandle, { size, mtime }: { size: number; mtime: Date }) {
    this.file = file;
    this.size = size;
    this.written = mtime;
  }

  /** What is in an open file, written last at some time. */
  static async of(file: FileHandle, written: Date): Promise<LogFile> {
    return new LogFile(file, { size: (await file.stat()).size, mtime: written });
  }

  /** @throws the system's error; one with the code of {@link NOT_REGULAR} where it is no regular file */
  static async open(path: string): Promise<LogFile> {
    // Without waiting: a FIFO may have no writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const found = await file.stat();
      if (!found.isFile()) throw systemError(found.isDirectory() ? 'EISDIR' : NOT_REGULAR);
      return new LogFile(file, found);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** What tells this file from another one at the same path, and how long it is now. */
  async identity(): Promise<{ dev: number; ino: number; size: number }> {
    return this.file.stat();
  }

  /** Its first bytes. */
  async head(bytes: number): Promise<Buffer> {
    return this.at(0, Buffer.allocUnsafe(bytes));
  }

  /**
   * Where its last lines begin.
   *
   * @param lines how many; those that are empty do not count
   * @param needle only lines that hold it count
   */
  async startOfLast(lines: number, needle: string | undefined, abort: AbortSignal): Promise<number> {
    let left = lines;
    // The end of a line whose beginning stands in the block before.
    let rest: Buffer = NOTHING;
    for await (const { start, bytes } of this.blocksBackwards(abort)) {
      const block = Buffer.concat([bytes, rest]);
      let end = block.length;
      for (let newline = lastNewline(block, end); newline >= 0 && left > 0; newline = lastNewline(block, end)) {
        if (counts(block.subarray(newline + 1, end), needle)) left--;
        if (left === 0) return start + newline + 1;
        end = newline;
      }
      rest = Buffer.from(block.subarray(0, Math.min(end, BLOCK_BYTES)));
    }
    return lines === 0 ? this.size : 0;
  }

  /** Where reading has to begin so that no line is missed that is not old. What comes from there may be old all the same. */
  async startSince(isOld: IsOld, abort: AbortSignal): Promise<number> {
    let oldFrom = this.size;
    // One line of each block is enough: what is read too much costs less than to look at all.
    for await (const { start, bytes } of this.blocksBackwards(abort)) {
      const line = firstTimed(bytes, start === 0, isOld);
      if (line === undefined) continue;
      if (!line.old) oldFrom = start;
      else if (oldFrom - start >= OLD_BYTES) return start + line.at;
    }
    return 0;
  }

  /** The bytes from a position to before another one. Each chunk stands until the next one is asked for. */
  async *chunks(from: number, to: number): AsyncGenerator<Buffer> {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let position = from; position < to;) {
      const chunk = await this.at(position, buffer.subarray(0, to - position));
      // It was truncated meanwhile.
      if (chunk.length === 0) return;
      position += chunk.length;
      yield chunk;
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** Each block stands until the next one is asked for. */
  private async *blocksBackwards(abort: AbortSignal): AsyncGenerator<{ start: number; bytes: Buffer }> {
    const buffer = Buffer.allocUnsafe(BLOCK_BYTES);
    for (let end = this.size; end > 0;) {
      if (abort.aborted) throw Failure.interrupted();
      const start = Math.max(end - BLOCK_BYTES, 0);
      yield { start, bytes: await this.at(start, buffer.subarray(0, end - start)) };
      end = start;
    }
  }

  private async at(position: number, into: Buffer): Promise<Buffer> {
    const { bytesRead } = await this.file.read(into, 0, into.length, position);
    return into.subarray(0, bytesRead);
  }
}

function lastNewline(block: Buffer, end: number): number {
  return end === 0 ? -1 : block.lastIndexOf(NEWLINE, end - 1);
}

function counts(line: Buffer, needle: string | undefined): boolean {
  return line.length > 0 && (needle === undefined || line.includes(needle));
}

/** The first line of a block that has a time. The block begins within a line, unless it is the first one of the file. */
function firstTimed(block: Buffer, isFirst: boolean, isOld: IsOld): { at: number; old: boolean } | undefined {
  let at = isFirst ? 0 : block.indexOf(NEWLINE) + 1;
  if (at === 0 && !isFirst) return undefined;
  for (let end = block.indexOf(NEWLINE, at); end >= 0; end = block.indexOf(NEWLINE, at)) {
    const old = isOld(block.subarray(at, end));
    if (old !== undefined) return { at, old };
    at = end + 1;
  }
  return undefined;
}
