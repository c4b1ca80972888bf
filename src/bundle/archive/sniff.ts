import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST } from './member-name.js';
import { BLOCK_BYTES, isTarHeader } from './tar-header.js';

/** How an archive comes: its name tells nothing. */
export type Packing = 'gzip' | 'tar' | 'xz';

/** With its only method (RFC 1952). */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/** As sos packs its reports. */
const XZ = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);

/** By the first block of a file; undefined for what is no archive. */
export function packingOf(start: Buffer): Packing | undefined {
  if (start.subarray(0, GZIP.length).equals(GZIP)) return 'gzip';
  if (start.subarray(0, XZ.length).equals(XZ)) return 'xz';
  return start.length >= BLOCK_BYTES && isTarHeader(start) ? 'tar' : undefined;
}

/**
 * Whether a path is worth to be opened as a bundle, or as a report of sos, and not as a single capture: an archive, or a
 * folder with what each of them has. It never waits: what is no regular file is read by nobody here. False also where nothing
 * can be seen.
 */
export function isBundle(path: string): boolean {
  try {
    // Whoever writes to a FIFO would take us for its reader, and lose what it has written once we are gone.
    const stands = statSync(path);
    if (!stands.isFile() && !stands.isDirectory()) return false;
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const found = fstatSync(file);
      if (found.isDirectory()) return isUnpacked(path);
      return found.isFile() && packingOf(firstBlock(file)) !== undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

/** Whether a folder is an unpacked bundle, or an unpacked report of sos. */
function isUnpacked(folder: string): boolean {
  const at = (name: string): Stats | undefined => lstatSync(join(folder, name), { throwIfNoEntry: false });
  return at(MANIFEST)?.isFile() === true || at('sos_commands')?.isDirectory() === true;
}

function firstBlock(file: number): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  return block.subarray(0, readSync(file, block, 0, BLOCK_BYTES, 0));
}

/**
 * How a stream is packed, and the stream with its first block again, also where it comes byte by byte. Whoever opened it
 * closes it.
 */
export async function sniffed(
  source: AsyncIterator<Buffer>,
): Promise<{ packing: Packing | undefined; chunks: AsyncIterable<Buffer> }> {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < BLOCK_BYTES) {
    const next = await source.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  return { packing: packingOf(start), chunks: rejoined(start, source) };
}

async function* rejoined(start: Buffer, source: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield start;
  for (;;) {
    const next = await source.next();
    if (next.done === true) return;
    yield next.value;
  }
}
