import type { Place } from '../../sources/place.js';
import { openCapture } from '../../sources/capture.js';
import { isFolder } from '../../sources/files.js';
import { Bundle } from '../archive/bundle.js';
import type { BundleLimits } from '../archive/limits.js';
import type { Members } from '../archive/members.js';
import { limitsOf, type OpenOptions } from '../archive/open.js';
import { sniffed } from '../archive/sniff.js';
import { unzipped } from '../archive/unzipped.js';
import { BundlePlace } from '../replay/bundle-place.js';
import { fromArchive } from './from-archive.js';
import { fromFolder } from './from-folder.js';
import { asReportFailure, noReport } from './refusal.js';
import { partsOf } from './report.js';
import { unpackedXz } from './xz.js';

/**
 * Opens a report of sos to be asked as its host is: the archive, packed with gzip, xz or not, or the folder that somebody has
 * unpacked it into. Its files have no names, so nothing is left when we end.
 *
 * @param node a network namespace of the host; the host itself where none is named
 * @throws Failure BAD_CAPTURE where it is refused, CAPTURE_UNREADABLE, INTERRUPTED, USAGE where it holds no such node,
 *   TOOL_MISSING where it takes xz to unpack it, OUTPUT_FAILED where there is no room for that
 */
export async function openReport(path: string, node: string | undefined, options: OpenOptions): Promise<Place> {
  const { name = path } = options;
  try {
    const found = await membersAt(path, limitsOf(options), options.abort);
    try {
      const { manifest, members, announced } = await partsOf(found);
      const bundle = new Bundle(name, { manifest, unknown: [] }, members);
      const chosen = node ?? manifest.nodes[0]!.name;
      return await BundlePlace.open(bundle, node, {
        what: 'the sos report',
        next: 'sos asks for no more: a support bundle of ctsync holds all of it.',
        tableInOne: announced.has(chosen) ? 'announced' : 'unannounced',
      });
    } catch (error) {
      await found.close();
      throw error;
    }
  } catch (error) {
    throw asReportFailure(name, error, options.raise);
  }
}

async function membersAt(path: string, limits: BundleLimits, abort?: AbortSignal): Promise<Members> {
  if ((await isFolder(path)) === true) return fromFolder(path, limits, abort);
  const capture = openCapture(path, abort);
  const source = capture.chunks[Symbol.asyncIterator]();
  try {
    const { packing, chunks } = await sniffed(source);
    if (packing === undefined) throw noReport();
    if (packing === 'xz') return await fromArchive(unpackedXz(path, capture.bytes ?? 0, limits, abort), limits);
    return await fromArchive(packing === 'gzip' ? unzipped(chunks, limits) : chunks, limits);
  } finally {
    await source.return?.();
  }
}
