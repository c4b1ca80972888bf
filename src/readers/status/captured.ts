import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { isFolder, readSmallFile } from '../../sources/files.js';
import type { Material, Missing, StatusMaterial } from './material.js';

/** The files of a captured status; each may be missing. */
const FILES = {
  daemonConfig: 'conntrackd.conf',
  keepalivedConfig: 'keepalived.conf',
  failoverState: 'failover-state',
} as const;

/** conntrackd's pages among them: the name of a device may be any bytes there (formats.md §14). */
const PAGES = {
  general: 's.txt',
  runtime: 's-runtime.txt',
  links: 's-link.txt',
} as const;

/** Why a part of a captured status is not there that the host alone could tell. */
export const NOT_CAPTURED: Missing = { missing: 'not in the capture' };

/**
 * Reads from a folder of captured files what a status is made of.
 *
 * @throws Failure CAPTURE_UNREADABLE where there is no such folder, BAD_CAPTURE where none of the files is in it
 */
export async function capturedMaterial(folder: string): Promise<StatusMaterial> {
  await refuseOthers(folder);
  const file = (name: keyof typeof FILES): Material => readMember(folder, FILES[name], 'utf8');
  const page = (name: keyof typeof PAGES): Material => readMember(folder, PAGES[name], 'latin1');
  const files = {
    daemonConfig: file('daemonConfig'),
    keepalivedConfig: file('keepalivedConfig'),
    failoverState: file('failoverState'),
    general: page('general'),
    runtime: page('runtime'),
    links: page('links'),
  };
  if (Object.values(files).every((material) => material === NOT_CAPTURED)) {
    throw new Failure('BAD_CAPTURE', `${folder} holds none of the files of a captured status.`, { next: WANTED });
  }
  return {
    ...files,
    // On the host itself the file does not exist either before the first transition.
    failoverState: files.failoverState === NOT_CAPTURED ? 'none' : files.failoverState,
    addresses: NOT_CAPTURED,
    version: NOT_CAPTURED,
    // A captured configuration includes files of the host it came from, not of this one.
    surroundings: {},
  };
}

const WANTED = `A captured status is a folder with any of ${[...Object.values(FILES), ...Object.values(PAGES)].join(', ')}.`;

async function refuseOthers(folder: string): Promise<void> {
  if (folder === '-') {
    throw new Failure('CAPTURE_UNREADABLE', 'A captured status can not come from stdin.', { next: WANTED });
  }
  const found = await isFolder(folder);
  if (found === false) throw new Failure('BAD_CAPTURE', `${folder} is a file.`, { next: WANTED });
  if (found !== true) {
    throw new Failure('CAPTURE_UNREADABLE', `The capture ${folder} ${found.reason}.`, { next: WANTED });
  }
}

function readMember(folder: string, name: string, encoding: 'utf8' | 'latin1'): Material {
  const file = join(folder, name);
  const read = readSmallFile(file, encoding);
  if ('text' in read) return { text: read.text, file };
  if (read.unreadable.code === 'ENOENT') return NOT_CAPTURED;
  return { missing: `${file} ${read.unreadable.reason}`, code: 'CAPTURE_UNREADABLE' };
}
