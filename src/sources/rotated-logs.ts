import { basename, dirname, join } from 'node:path';
import type { Place } from './place.js';

/** What logrotate makes of `conntrackd.log`: `.1`, `.2.gz`, or a date behind a hyphen. */
const ROTATED = /^[.-]\d[\d.-]*(?:\.(?:gz|xz|bz2|zst))?$/;

/** The older files of a log, the newest of them first; none where its folder can't be looked into. */
export async function rotatedLogs(path: string, place: Place): Promise<string[]> {
  const name = basename(path);
  const numeric = new Intl.Collator('en', { numeric: true });
  const found = ((await place.namesIn(dirname(path))) ?? []).filter((other) => other.startsWith(name));
  return found
    .filter((other) => ROTATED.test(other.slice(name.length)))
    .sort((a, b) => (a.charAt(name.length) === '-' ? numeric.compare(b, a) : numeric.compare(a, b)))
    .map((other) => join(dirname(path), other));
}
