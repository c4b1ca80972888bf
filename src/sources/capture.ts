import { createReadStream, open } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { Failure, interrupted } from '../model/failure.js';
import { unreadable } from './files.js';

/** As much as a pipe holds: larger pieces only cost memory. */
const CHUNK_BYTES = 64 * 1024;

/** A captured output: the bytes of a file, or of stdin where the path is `-`. */
export interface Capture {
  /** The path, or `stdin`, for sentences. */
  name: string;
  chunks: AsyncIterable<Buffer>;
  /** How many there are; absent where that is not known beforehand: a pipe. */
  bytes?: number;
}

/**
 * Opens one captured output.
 *
 * @throws Failure CAPTURE_UNREADABLE here or while reading
 */
export async function openCapture(path: string, abort?: AbortSignal): Promise<Capture> {
  if (path === '-') return { name: 'stdin', chunks: guard('stdin', process.stdin, abort) };
  const { isPipe, bytes } = await look(path);
  const stream = isPipe ? await openPipe(path) : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  return { name: path, chunks: guard(path, stream, abort), ...(bytes === undefined ? {} : { bytes }) };
}

async function look(path: string): Promise<{ isPipe: boolean; bytes?: number }> {
  try {
    const file = await stat(path);
    if (file.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' });
    return { isPipe: file.isFIFO(), ...(file.isFile() ? { bytes: file.size } : {}) };
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** `--from <(ssh …)`: as a file, it would keep us alive, whatever we were told, until its writer writes. */
async function openPipe(path: string): Promise<Socket> {
  try {
    return new Socket({ fd: await promisify(open)(path, 'r'), readable: true, writable: false });
  } catch (error) {
    throw cannotRead(path, error);
  }
}

async function* guard(
  name: string,
  stream: AsyncIterable<Buffer> & { destroy(error?: Error): unknown },
  abort?: AbortSignal,
): AsyncGenerator<Buffer> {
  const onAbort = (): unknown => stream.destroy(interrupted());
  abort?.addEventListener('abort', onAbort);
  try {
    yield* stream;
  } catch (error) {
    throw error instanceof Failure ? error : cannotRead(name, error);
  } finally {
    abort?.removeEventListener('abort', onAbort);
  }
}

function cannotRead(name: string, error: unknown): Failure {
  return new Failure('CAPTURE_UNREADABLE', `The capture ${name} ${unreadable(error).reason}.`, {
    next: 'Give --from the path of a file that holds the output of the tool, or - to read it from stdin.',
    cause: error,
  });
}

/** No page of a tool is this large; a file that is belongs to a dump. */
const LARGEST_PAGE = 16 * 1024 * 1024;

/** A captured page whole, decoded as latin1. Same failures as {@link openCapture}, and BAD_CAPTURE for what is no page. */
export async function readCapture(path: string, abort?: AbortSignal): Promise<{ name: string; text: string }> {
  const { name, chunks } = await openCapture(path, abort);
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes > LARGEST_PAGE)
      throw new Failure('BAD_CAPTURE', `${name} is larger than any page of conntrack or conntrackd.`);
  }
  return { name, text: Buffer.concat(parts).toString('latin1') };
}
