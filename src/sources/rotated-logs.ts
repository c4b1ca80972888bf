import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What logrotate makes of `conntrackd.log`: `.1`, `.2.gz`, or a date behind a hyphen. */
const ROTATED = /^[.-]\d[\d.-]*(?:\.(?:gz|xz|bz2|zst))?$/;

/** The older files of a log, the newest of them first; none where its folder can't be looked into. */
export function rotatedLogs(path: string): string[] {
  const name = basename(path);
  const numeric = new Intl.Collator('en', { numeric: true });
  try {
    const found = readdirSync(dirname(path)).filter((other) => other.startsWith(name));
    return found
      .filter((other) => ROTATED.test(other.slice(name.length)))
      .sort((a, b) => (a.charAt(name.length) === '-' ? numeric.compare(b, a) : numeric.compare(a, b)))
      .map((other) => join(dirname(path), other));
  } catch {
    return [];
  }
}
