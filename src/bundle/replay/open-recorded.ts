import type { Place } from '../../sources/place.js';
import { openBundle, type OpenOptions } from '../archive/open.js';
import { isReport } from '../sos/is-report.js';
import { openReport } from '../sos/open-report.js';
import { BundlePlace } from './bundle-place.js';
import { stdinAsFile } from './stdin-as-file.js';

/** A node that can be asked again, and what is wrong with the bundle that it comes from. */
export interface Recorded {
  place: Place;
  /** In sentences: altered, missing and unlisted files. */
  problems: readonly string[];
}

/**
 * Opens a node of a support bundle, or of a report of sos, to be asked as a machine is; `-` is an archive on stdin. Its files have
 * no names, so nothing is left when we end.
 *
 * @param node its name; the first one where none is named
 * @throws Failure as {@link openBundle} and {@link openReport}; USAGE where it holds no such node
 */
export async function openRecorded(path: string, node: string | undefined, options: OpenOptions): Promise<Recorded> {
  if (path === '-') return fromStdin(node, options);
  if (await isReport(path, options)) return { place: await openReport(path, node, options), problems: [] };
  const bundle = await openBundle(path, options);
  try {
    return { place: await BundlePlace.open(bundle, node), problems: bundle.problems };
  } catch (error) {
    await bundle.close();
    throw error;
  }
}

async function fromStdin(node: string | undefined, options: OpenOptions): Promise<Recorded> {
  const file = await stdinAsFile(options);
  try {
    // By a path that xz finds, too.
    return await openRecorded(`/proc/${process.pid}/fd/${file.fd}`, node, { ...options, name: 'stdin' });
  } finally {
    await file.close();
  }
}
