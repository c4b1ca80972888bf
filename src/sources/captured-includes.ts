import { join, resolve, sep } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import type { IncludedFile, UnreadInclude } from '../model/keepalived-conf.js';
import { readSmallFile, resolved } from './files.js';
import { filesOf } from './included-files.js';

/** The folders whose keepalived.conf the captured one may be: their files stand beside it. */
const HOMES = ['/etc/keepalived/', '/run/keepalived/'] as const;

const NOT_CAPTURED = { reason: 'is not in the capture', why: 'not captured' } as const;

/**
 * Reads the files that a captured keepalived.conf includes, from the folder of the capture alone: a path of this host is
 * another file than the one that was meant. An absolute path stands under the folder, or, where it is in keepalived's own
 * folder, beside keepalived.conf.
 */
export function capturedIncludes(
  capture: string,
): (pattern: string, fromFile: string) => (IncludedFile | UnreadInclude)[] {
  const folder = resolve(capture);
  const within = (path: string): boolean => path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
  // What has no links in it stays where it is, and so does what is not there.
  const real = (path: string): boolean =>
    resolved(path) === path || resolved(path).startsWith(join(resolved(folder), sep));
  return (pattern, fromFile) => {
    for (const place of placesOf(pattern, folder, fromFile).filter(within)) {
      const files = (isDynamicPattern(pattern) ? filesOf(place, folder) : [place]).flatMap((file) =>
        real(file) ? readCaptured(file) : [{ file, reason: 'leads out of the capture', why: 'unreadable' as const }],
      );
      if (files.length > 0) return files;
    }
    return [{ file: pattern, ...NOT_CAPTURED }];
  };
}

function placesOf(pattern: string, folder: string, fromFile: string): string[] {
  if (!pattern.startsWith('/')) return [resolve(fromFile, '..', pattern)];
  const homes = HOMES.filter((home) => pattern.startsWith(home));
  return [join(folder, pattern), ...homes.map((home) => join(folder, pattern.slice(home.length)))];
}

function readCaptured(file: string): (IncludedFile | UnreadInclude)[] {
  const read = readSmallFile(file);
  if ('text' in read) return [{ file, text: read.text }];
  const { code, reason } = read.unreadable;
  return code === 'ENOENT' || code === 'ENOTDIR' ? [] : [{ file, reason, why: 'unreadable' }];
}
