import { createHash } from 'node:crypto';
import { constants, lstatSync, readdirSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { unreadable } from '../../sources/files.js';
import type { BundleLimits } from './limits.js';
import { faultOfPath, MANIFEST } from './member-name.js';
import type { Member, Members } from './members.js';
import { quoted, Refused } from './refused.js';
import { noManifest } from './top-folder.js';

const READ_BYTES = 64 * 1024;

/**
 * A bundle that somebody has unpacked. Its files stay where they are; no link is followed, neither now nor when they are
 * read, whoever changes the folder meanwhile.
 *
 * @throws Refused; Failure CAPTURE_UNREADABLE, INTERRUPTED
 */
export async function openFolder(path: string, limits: BundleLimits, abort?: AbortSignal): Promise<Members> {
  const root = realRoot(path);
  const files = new Map<string, Member>();
  let bytes = 0;
  for (const { name, size } of walk(root, limits)) {
    if ((bytes += size) > limits.bytes) throw new Refused(`it holds more than ${limits.bytes} bytes`, { limit: true });
    if (abort?.aborted) throw Failure.interrupted();
    files.set(name, await memberOf(root, name, size));
  }
  if (!files.has(MANIFEST)) throw noManifest();
  return { files, close: () => Promise.resolve() };
}

/** @throws Failure CAPTURE_UNREADABLE */
export function realRoot(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

/** The regular files below a folder; whatever else is there is refused. */
function* walk(root: string, limits: BundleLimits): Generator<{ name: string; size: number }> {
  const folders = [''];
  let count = 0;
  for (const folder of folders) {
    for (const child of namesIn(join(root, folder))) {
      const name = folder === '' ? child : `${folder}/${child}`;
      if (++count > limits.members) throw new Refused(`it has more than ${limits.members} files`, { limit: true });
      const fault = faultOfPath(name);
      const found = lookedAt(join(root, name));
      const kind = found.isFile() || found.isDirectory() ? undefined : `is ${kindOf(found)}`;
      if (fault ?? kind) throw new Refused(`its file ${quoted(name)} ${fault ?? kind}`);
      if (found.isDirectory()) folders.push(name);
      else yield { name, size: found.size };
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw cannotRead(folder, error);
  }
}

function lookedAt(path: string): Stats {
  try {
    return lstatSync(path);
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return 'a symbolic link';
  if (found.isFIFO()) return 'a FIFO';
  if (found.isSocket()) return 'a socket';
  return 'a device';
}

/** A file below a folder, on whose way there is no link. @throws Failure CAPTURE_UNREADABLE */
export async function memberOf(root: string, path: string, size: number): Promise<Member> {
  const hash = createHash('sha256');
  let bytes = 0;
  // One that grows while it is read is read as far as it was looked at.
  for await (const piece of content(root, path, size)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { path, bytes, sha256: hash.digest('hex'), read: () => content(root, path, size) };
}

/** So many bytes of a file, each piece of which stands until the next one. */
async function* content(root: string, path: string, size: number): AsyncGenerator<Buffer> {
  const file = await openInside(root, path);
  const chunk = Buffer.allocUnsafe(Math.min(READ_BYTES, size));
  try {
    for (let read = 0; read < size;) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, size - read), read);
      if (bytesRead === 0) return;
      read += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } catch (error) {
    throw cannotRead(join(root, path), error);
  } finally {
    await file.close();
  }
}

/** What has been opened is looked at, and not what stands at the path: that may be a link by now, and so may a folder. */
async function openInside(root: string, path: string): Promise<FileHandle> {
  const whole = join(root, path);
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants;
  const file = await open(whole, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY).catch((error: unknown) => {
    throw cannotRead(whole, error);
  });
  if ((await file.stat()).isFile() && readlinkSync(`/proc/self/fd/${file.fd}`) === whole) return file;
  await file.close();
  throw new Failure('CAPTURE_UNREADABLE', `The file ${whole} of the bundle is a link by now, or leads through one.`, {
    next: 'Somebody changes the folder: copy it to one of your own, and open that.',
  });
}

/** What a file or a folder of a bundle that can't be read fails with. */
export function cannotRead(path: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('CAPTURE_UNREADABLE', `The file ${path} of the bundle ${unreadable(error).reason}.`, {
    next: 'Give the path of a bundle that this user may read.',
    cause: error,
  });
}
