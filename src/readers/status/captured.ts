import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { readSmallFile, unreadable } from '../../sources/files.js';
import type { Material, StatusMaterial } from './material.js';

/** The files of a captured status; each may be missing. */
const FILES = {
  daemonConfig: 'conntrackd.conf',
  keepalivedConfig: 'keepalived.conf',
  failoverState: 'failover-state',
  general: 's.txt',
  runtime: 's-runtime.txt',
  links: 's-link.txt',
} as const;

const NOT_CAPTURED: Material = { missing: 'not in the capture' };

/**
 * Reads from a folder of captured files what a status is made of.
 *
 * @throws Failure CAPTURE_UNREADABLE where there is no such folder, BAD_CAPTURE where none of the files is in it
 */
export async function capturedMaterial(folder: string): Promise<StatusMaterial> {
  await refuseOthers(folder);
  const read = async (name: keyof typeof FILES): Promise<Material> => readMember(folder, FILES[name]);
  const files = {
    daemonConfig: await read('daemonConfig'),
    keepalivedConfig: await read('keepalivedConfig'),
    failoverState: await read('failoverState'),
    general: await read('general'),
    runtime: await read('runtime'),
    links: await read('links'),
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
    daemonProcess: () => Promise.reject(new Failure('BAD_CAPTURE', 'not in the capture')),
  };
}

const WANTED = `A captured status is a folder with any of ${Object.values(FILES).join(', ')}.`;

async function refuseOthers(folder: string): Promise<void> {
  if (folder === '-') {
    throw new Failure('CAPTURE_UNREADABLE', 'A captured status can not come from stdin.', { next: WANTED });
  }
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    (error: unknown) => {
      throw new Failure('CAPTURE_UNREADABLE', `The capture ${folder} ${unreadable(error).reason}.`, { next: WANTED });
    },
  );
  if (!isFolder) throw new Failure('BAD_CAPTURE', `${folder} is a file.`, { next: WANTED });
}

async function readMember(folder: string, name: string): Promise<Material> {
  const file = join(folder, name);
  const read = await readSmallFile(file, 'latin1');
  if ('text' in read) return { text: read.text, file };
  return read.unreadable.code === 'ENOENT' ? NOT_CAPTURED : { missing: `${file} ${read.unreadable.reason}` };
}
