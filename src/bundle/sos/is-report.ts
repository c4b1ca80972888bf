import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { openCapture } from '../../sources/capture.js';
import { isFolder } from '../../sources/files.js';
import { MANIFEST } from '../archive/member-name.js';
import { limitsOf, type OpenOptions } from '../archive/open.js';
import { sniffed } from '../archive/sniff.js';
import { parseAnyTarHeader } from '../archive/tar-header.js';
import { tarMembers } from '../archive/tar-members.js';
import { unzipped } from '../archive/unzipped.js';

/**
 * Whether what could be a support bundle is a report of sos, by what is in it: no bundle has `sos_commands`, and each has its
 * manifest first. What can't be read is none; whoever opens it as a bundle says why.
 */
export async function isReport(path: string, options: OpenOptions): Promise<boolean> {
  try {
    if ((await isFolder(path)) === true) return !isThere(join(path, MANIFEST)) && isThere(join(path, 'sos_commands'));
    return await isReportArchive(path, options);
  } catch {
    return false;
  }
}

async function isReportArchive(path: string, options: OpenOptions): Promise<boolean> {
  const source = openCapture(path, options.abort).chunks[Symbol.asyncIterator]();
  try {
    const { packing, chunks } = await sniffed(source);
    if (packing === 'xz') return true;
    const unpacked = packing === 'gzip' ? unzipped(chunks, limitsOf(options)) : chunks;
    for await (const { path: member } of tarMembers(unpacked, parseAnyTarHeader)) {
      const [first, second] = member.split('/');
      if (first === MANIFEST || second === MANIFEST) return false;
      if (first === 'sos_commands' || second === 'sos_commands') return true;
    }
    return false;
  } finally {
    await source.return?.();
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
