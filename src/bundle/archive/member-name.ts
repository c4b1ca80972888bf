/** Longer and deeper than any name that ctsync gives. */
const LONGEST_BYTES = 512;
const DEEPEST = 16;

const CONTROL = /\p{Cc}/u;

/**
 * Why a member may not have this path, as the end of a sentence that begins with the member; undefined where it may. A path
 * that passes leads nowhere but down from where it is unpacked.
 */
export function faultOfPath(path: string): string | undefined {
  if (path === '') return 'has no name';
  if (Buffer.byteLength(path) > LONGEST_BYTES) return 'has a name that is too long';
  if (CONTROL.test(path)) return 'has a control character in its name';
  if (path.includes('\\')) return 'has a backslash in its name';
  if (path.startsWith('/')) return 'has an absolute path';
  const parts = path.split('/');
  if (parts.includes('..')) return 'has a path that leads out of the bundle';
  if (parts.includes('.') || parts.includes('')) return 'has an empty part in its path';
  if (parts.length > DEEPEST) return 'lies in too many folders';
  return undefined;
}

/** What every file system and every shell takes as it is. */
const SAFE_PART = /^(?!-)(?!\.{1,2}$)[A-Za-z0-9._+=@,-]{1,100}$/;
/** What stands in the tar header of every kind, and leaves room for the folders above. */
const LONGEST_SAFE = 155;

/** Whether a name is one word of safe characters: the folder of a node. */
export function isSafeWord(name: string): boolean {
  return SAFE_PART.test(name) && name !== MANIFEST;
}

/** Whether a path consists of such words only: the name of an item. */
export function isSafePath(path: string): boolean {
  const parts = path.split('/');
  return path.length <= LONGEST_SAFE && parts.length < DEEPEST - 2 && parts.every((part) => SAFE_PART.test(part));
}

/** The member that says what the others are. */
export const MANIFEST = 'manifest.json';

/** The one folder of an archive, and what its file is called by default: `ctsync-r1-20261122T132800Z`. */
export function bundleFolder(node: string, createdAt: string): string {
  return `ctsync-${node}-${createdAt.replace(/\.\d+/, '').replace(/[^0-9TZ]/g, '')}`;
}
