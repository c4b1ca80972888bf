import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { unreadable } from '../../sources/files.js';
import { cannotRead, memberOf, realRoot } from '../archive/folder.js';
import type { BundleLimits } from '../archive/limits.js';
import type { Member, Members } from '../archive/members.js';
import { Refused } from '../archive/refused.js';
import { BEHIND_LINKS, isNeeded, resolvedInside } from './paths.js';

/** Folders whose files may be needed; those of namespaces lie below `networking`, each in one of its own. */
const FOLDERS: readonly string[] = [
  'etc/conntrackd',
  'etc/keepalived',
  ...['conntrack', 'conntrackd', 'date', 'host', 'kernel', 'networking'].map((plugin) => `sos_commands/${plugin}`),
];
const NAMESPACES = 'sos_commands/networking/namespaces';

/**
 * The files of a report that are needed, out of the folder that somebody has unpacked it into. A link is followed as if the
 * folder were all that there is; what is no regular file behind it is passed over.
 *
 * @throws Refused; Failure CAPTURE_UNREADABLE, INTERRUPTED
 */
export async function fromFolder(path: string, limits: BundleLimits, abort?: AbortSignal): Promise<Members> {
  const root = realRoot(path);
  const files = new Map<string, Member>();
  let bytes = 0;
  for (const name of [...namesIn(root, limits), ...BEHIND_LINKS]) {
    if (abort?.aborted) throw Failure.interrupted();
    const target = resolvedInside(name, (at) => linkAt(root, at));
    const found = target === undefined ? undefined : lookedAt(join(root, target));
    if (target === undefined || !found?.isFile()) continue;
    if ((bytes += found.size) > limits.bytes)
      throw new Refused(`it holds more than ${limits.bytes} bytes`, { limit: true });
    files.set(name, await memberOf(root, target, found.size));
  }
  return { files, close: () => Promise.resolve() };
}

function namesIn(root: string, { members }: BundleLimits): string[] {
  const folders = [...FOLDERS, ...childrenOf(root, NAMESPACES)];
  const names: string[] = [];
  for (const folder of folders) {
    for (const name of childrenOf(root, folder)) if (isNeeded(name)) names.push(name);
    if (names.length > members) throw new Refused(`it has more than ${members} files`, { limit: true });
  }
  return names;
}

function childrenOf(root: string, folder: string): string[] {
  const inside = resolvedInside(folder, (at) => linkAt(root, at));
  if (inside === undefined || !lookedAt(join(root, inside))?.isDirectory()) return [];
  return unlessAbsent(join(root, inside), (path) => readdirSync(path).sort())?.map((name) => `${folder}/${name}`) ?? [];
}

function linkAt(root: string, path: string): string | undefined {
  const whole = join(root, path);
  return lookedAt(whole)?.isSymbolicLink() ? readlinkSync(whole) : undefined;
}

function lookedAt(path: string): Stats | undefined {
  return unlessAbsent(path, (at) => lstatSync(at));
}

/** Not every report has every folder and every file; what is there and closed to us is a failure. */
function unlessAbsent<T>(path: string, read: (path: string) => T): T | undefined {
  try {
    return read(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(unreadable(error).code)) return undefined;
    throw cannotRead(path, error);
  }
}
