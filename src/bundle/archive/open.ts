import { Failure } from '../../model/failure.js';
import { openCapture } from '../../sources/capture.js';
import { isFolder } from '../../sources/files.js';
import { Bundle } from './bundle.js';
import { openFolder } from './folder.js';
import { type BundleLimits, limitsFor, USUAL_LIMITS } from './limits.js';
import { type CheckedManifest, parseManifest } from './manifest.js';
import { MANIFEST } from './member-name.js';
import type { Members } from './members.js';
import { asFailure, Refused } from './refused.js';
import { sniffed } from './sniff.js';
import { unpack } from './unpack.js';
import { unzipped } from './unzipped.js';

/** How a bundle is opened. */
export interface OpenOptions {
  /** Bytes that it may unpack to, as an operator says who trusts it; absent for the usual limits. */
  maxUnpacked?: number | undefined;
  /** Those that differ from {@link USUAL_LIMITS}. */
  limits?: Partial<BundleLimits>;
  /** What an operator can do to raise them, as a sentence that names the flag. */
  raise?: string;
  /** What it is called in sentences; absent for its path. */
  name?: string;
  abort?: AbortSignal;
}

/** The limits that hold for what is opened so. */
export function limitsOf({ maxUnpacked, limits }: OpenOptions): BundleLimits {
  return { ...(maxUnpacked === undefined ? USUAL_LIMITS : limitsFor(maxUnpacked)), ...limits };
}

/**
 * Opens a support bundle: an archive, packed with gzip or not, or the folder that somebody has unpacked it into; `-` is an
 * archive on stdin. What it is, its content tells. It is read once, to its end, before any of it is believed.
 *
 * It is to be closed.
 *
 * @throws Failure BAD_CAPTURE where it is refused, CAPTURE_UNREADABLE, INTERRUPTED, OUTPUT_FAILED where there is no room to
 *   unpack it
 */
export async function openBundle(path: string, options: OpenOptions = {}): Promise<Bundle> {
  const name = options.name ?? (path === '-' ? 'stdin' : path);
  const limits = limitsOf(options);
  try {
    const members = await membersAt(path, limits, options.abort);
    try {
      return new Bundle(name, await manifestIn(members, limits), members);
    } catch (error) {
      await members.close();
      throw error;
    }
  } catch (error) {
    throw asFailure(name, error, options.raise);
  }
}

async function membersAt(path: string, limits: BundleLimits, abort?: AbortSignal): Promise<Members> {
  if (path !== '-' && (await isFolder(path)) === true) return openFolder(path, limits, abort);
  const source = openArchive(path, abort);
  try {
    const { packing, chunks } = await sniffed(source);
    if (packing === undefined || packing === 'xz') throw noArchive();
    return await unpack(packing === 'gzip' ? unzipped(chunks, limits) : chunks, limits);
  } finally {
    // Whatever writes to us on stdin is not to be waited for.
    await source.return?.();
  }
}

function openArchive(path: string, abort?: AbortSignal): AsyncIterator<Buffer> {
  try {
    return openCapture(path, abort).chunks[Symbol.asyncIterator]();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, error.message, {
      next: 'Give the path of a bundle that this user may read, or - for stdin.',
      cause: error,
    });
  }
}

function noArchive(): Refused {
  return new Refused('it is no tar archive, packed with gzip or not', { next: 'Give the path of a bundle of ctsync.' });
}

async function manifestIn({ files }: Members, limits: BundleLimits): Promise<CheckedManifest> {
  const manifest = files.get(MANIFEST)!;
  if (manifest.bytes > limits.manifestBytes) {
    throw new Refused(`its manifest has more than ${limits.manifestBytes} bytes`, { limit: true });
  }
  const pieces: Buffer[] = [];
  for await (const piece of manifest.read()) pieces.push(Buffer.from(piece));
  return parseManifest(Buffer.concat(pieces), limits);
}
