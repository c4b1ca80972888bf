import { closeSync, constants, createReadStream, fstatSync, openSync, read } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { isatty, ReadStream } from 'node:tty';
import { promisify } from 'node:util';
import { Failure } from '../model/failure.js';
import { NOT_REGULAR, systemError, unreadable } from './files.js';
import { SpentPieces } from './spent-pieces.js';

/** Each piece of a file is read by another thread, and to wait for that costs as much as to read 64 KiB. */
const CHUNK_BYTES = 256 * 1024;

/** That of /dev/null, with its major number 1 and its minor number 3. */
const NULL_DEVICE = 0x103;

/** A signal that has been sent has arrived by then. */
const SIGNAL_MS = 10;

/** Other names of what is open already; what is a socket there could not be opened again by such a name. */
const OWN_STDIN: readonly string[] = ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'];

/** A captured output: the bytes of a file, or of stdin where the path is `-`. */
export interface Capture {
  /** The path, or `stdin`, for sentences. */
  name: string;
  /** Each stands until the next one is asked for. */
  chunks: AsyncIterable<Buffer>;
  /** How many there are; absent where that is not known beforehand: a pipe. */
  bytes?: number;
}

/**
 * Opens one captured output. It may also come through a FIFO or from a terminal.
 *
 * @throws Failure CAPTURE_UNREADABLE here or while reading, INTERRUPTED while reading
 */
export function openCapture(path: string, abort?: AbortSignal): Capture {
  if (path === '-') {
    // Node.js takes a folder for an empty stream.
    if (isFolderOnStdin()) throw cannotRead('stdin', systemError('EISDIR'));
    return { name: 'stdin', chunks: guard('stdin', process.stdin, abort) };
  }
  if (OWN_STDIN.includes(path)) return { name: path, chunks: guard(path, process.stdin, abort) };
  try {
    return open(path, abort);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function isFolderOnStdin(): boolean {
  try {
    return fstatSync(0).isDirectory();
  } catch {
    return false;
  }
}

/** Without waiting in open(2) or read(2), where no signal could end us: a FIFO may have no writer. */
function open(path: string, abort?: AbortSignal): Capture {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  const found = fstatSync(fd);
  if (found.isFile()) return { name: path, chunks: pieces(path, fd, abort), bytes: found.size };
  if (found.isFIFO())
    return { name: path, chunks: guard(path, new Socket({ fd, readable: true, writable: false }), abort) };
  if (isatty(fd)) return { name: path, chunks: guard(path, new ReadStream(fd), abort) };
  if (found.rdev === NULL_DEVICE) return { name: path, chunks: guard(path, createReadStream(path, { fd }), abort) };
  closeSync(fd);
  // Some devices never end.
  throw systemError(found.isDirectory() ? 'EISDIR' : NOT_REGULAR);
}

/**
 * A file, read into two buffers that are used again: while one is parsed, the other is filled. A stream of Node's would
 * leave a buffer behind for each piece, and wait between them.
 */
async function* pieces(name: string, fd: number, abort?: AbortSignal): AsyncGenerator<Buffer> {
  let [current, next] = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
  let reading = readInto(fd, current, 0, CHUNK_BYTES, null);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (abort?.aborted) throw Failure.interrupted();
      if (bytesRead === 0) return;
      reading = readInto(fd, next, 0, CHUNK_BYTES, null);
      yield current.subarray(0, bytesRead);
      [current, next] = [next, current];
    }
  } catch (error) {
    throw error instanceof Failure ? error : cannotRead(name, error);
  } finally {
    // The file must not be closed under a read that is on its way.
    await reading.catch(() => undefined);
    closeSync(fd);
  }
}

const readInto = promisify(read);

type Input = AsyncIterable<Buffer> & { destroy(error?: Error): unknown };

async function* guard(name: string, stream: Input, abort?: AbortSignal): AsyncGenerator<Buffer> {
  const spent = new SpentPieces();
  const onAbort = (): unknown => stream.destroy(Failure.interrupted());
  abort?.addEventListener('abort', onAbort);
  if (abort?.aborted) onAbort();
  try {
    for await (const chunk of stream) {
      yield chunk;
      spent.add(chunk.length);
    }
    // Ctrl-C ends what writes to us as well, and its end may be seen before the signal is.
    await pause(SIGNAL_MS);
    if (abort?.aborted) throw Failure.interrupted();
  } catch (error) {
    throw error instanceof Failure ? error : cannotRead(name, error);
  } finally {
    abort?.removeEventListener('abort', onAbort);
  }
}

/** The failure of a capture that can't be read. */
export function cannotRead(name: string, error: unknown): Failure {
  return new Failure('CAPTURE_UNREADABLE', `The capture ${name} ${unreadable(error).reason}.`, {
    next: 'Give --from the path of a file that holds the output of the tool, or - to read it from stdin.',
    cause: error,
  });
}

/** No page of a tool is this large; a file that is belongs to a dump. */
const LARGEST_PAGE = 16 * 1024 * 1024;

/** A captured page whole, decoded as latin1. Same failures as {@link openCapture}, and BAD_CAPTURE for what is no page. */
export async function readCapture(path: string, abort?: AbortSignal): Promise<{ name: string; text: string }> {
  const { name, chunks } = openCapture(path, abort);
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > LARGEST_PAGE)
      throw new Failure('BAD_CAPTURE', `${name} is larger than any page of conntrack or conntrackd.`);
  }
  return { name, text: Buffer.concat(parts).toString('latin1') };
}
