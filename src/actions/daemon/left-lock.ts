import { rmSync } from 'node:fs';
import { Failure } from '../../model/failure.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { readSmallFile } from '../../sources/files.js';
import type { Place } from '../../sources/place.js';
import { USUAL_FILE } from './daemon-file.js';

/**
 * Removes the lock of a daemon that was killed: no other one begins while it is there. It stays while any conntrackd lives that
 * may have made it, also in another network namespace.
 *
 * @param file the configuration that the daemon is started with
 */
export async function removeLeftLock(file: string, place: Place): Promise<void> {
  const lock = lockIn(file);
  if (lock === undefined) return;
  for (const { pid } of await place.processStats('conntrackd')) {
    const command = await place.readFile(`/proc/${pid}/cmdline`);
    // One that ends just now, or is dead, has no command line any more.
    const words = 'text' in command ? command.text.split('\0') : [''];
    if (words[0] === '') continue;
    const at = words.indexOf('-C');
    const other = lockIn(at < 0 ? USUAL_FILE : (words[at + 1] ?? ''), `/proc/${pid}/root`);
    if (other === undefined || other === lock) return;
  }
  rmSync(lock, { force: true });
}

/**
 * The lock file that a configuration names; undefined where that is not known.
 *
 * @param root of the process that has the file: in a container it stands elsewhere
 */
function lockIn(file: string, root = ''): string | undefined {
  if (!file.startsWith('/')) return undefined;
  try {
    const read = readSmallFile(`${root}${file}`);
    return 'text' in read ? parseConntrackdConf(read.text, file).general.lock_file : undefined;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
