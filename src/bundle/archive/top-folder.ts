import { MANIFEST } from './member-name.js';
import { quoted, Refused } from './refused.js';

/**
 * The folder that a bundle's files are in, with its slash: the one that all of them share, or none where the manifest is not
 * in a folder.
 *
 * @throws Refused where there is no manifest, or files lie outside of its folder
 */
export function topFolder(paths: Iterable<string>): string {
  const all = [...paths];
  if (all.includes(MANIFEST)) return '';
  const manifest = all.find((path) => path.split('/').length === 2 && path.endsWith(`/${MANIFEST}`));
  if (manifest === undefined) throw noManifest();
  const top = manifest.slice(0, -MANIFEST.length);
  const outside = all.find((path) => !path.startsWith(top));
  if (outside !== undefined)
    throw new Refused(`its member ${quoted(outside)} lies outside of the folder ${quoted(top)}`);
  return top;
}

/** What is said of anything that could be a bundle, but for this. */
export function noManifest(): Refused {
  return new Refused(`there is no ${MANIFEST} in it`, { next: 'Give the bundle as ctsync has made it, as a whole.' });
}
