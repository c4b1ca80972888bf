import { type BundleItem, type BundleManifest, lacksNothing } from '../../model/bundle.js';
import { MANIFEST } from './member-name.js';
import type { Member, Members } from './members.js';

/** An item beside what the archive holds for it: absent where it holds nothing. */
export type Found = ReadonlyMap<BundleItem, Member>;

/** The member of each item. */
export function membersOf({ nodes }: BundleManifest, { files }: Members): Found {
  const found = nodes.flatMap(({ name, items }) =>
    items.map((item): [BundleItem, Member | undefined] => [item, files.get(`${name}/${item.name}`)]),
  );
  return new Map(found.filter((pair): pair is [BundleItem, Member] => pair[1] !== undefined));
}

/** Whether what is there is what was collected. */
export function isIntact(item: BundleItem, member: Member | undefined): boolean {
  return member !== undefined && member.bytes === item.bytes && member.sha256 === item.sha256;
}

/** Where a manifest and the archive that it came in differ, in sentences: such a bundle can be read, but with care. */
export function differencesOf(manifest: BundleManifest, members: Members, unknown: readonly string[]): string[] {
  const found = membersOf(manifest, members);
  const nodes = manifest.nodes.flatMap(({ name, items }) =>
    items.flatMap((item) => differenceOf(item, found.get(item), `${name}/${item.name}`) ?? []),
  );
  return [...nodes, ...unlisted(manifest, members), ...contradictions(manifest), ...newerFields(unknown)];
}

function differenceOf(item: BundleItem, member: Member | undefined, path: string): string | undefined {
  if (item.sha256 === undefined) {
    return member === undefined ? undefined : `${path} is there, but the manifest says that it could not be had.`;
  }
  if (member === undefined) return `${path} is missing, but the manifest lists it.`;
  if (member.bytes !== item.bytes) return `${path} has ${member.bytes} bytes, but ${item.bytes} were collected.`;
  return isIntact(item, member) ? undefined : `${path} is not what was collected: its SHA-256 is another one.`;
}

function unlisted({ nodes }: BundleManifest, { files }: Members): string[] {
  const listed = new Set([
    MANIFEST,
    ...nodes.flatMap(({ name, items }) => items.map((item) => `${name}/${item.name}`)),
  ]);
  return [...files.keys()]
    .filter((path) => !listed.has(path))
    .map((path) => `${path} is there, but the manifest does not list it.`);
}

/** Half of an answer must not look whole because of one word at the top. */
function contradictions({ complete, nodes }: BundleManifest): string[] {
  return complete && !lacksNothing(nodes)
    ? ['The manifest says that all of it is complete, and lists what is not.']
    : [];
}

const MOST_NAMED = 5;

function newerFields(unknown: readonly string[]): string[] {
  if (unknown.length === 0) return [];
  const more = unknown.length - MOST_NAMED;
  const named = unknown.slice(0, MOST_NAMED).join(', ');
  return [
    `The manifest tells what this version of ctsync does not know: ${named}${more > 0 ? ` and ${more} more` : ''}.`,
  ];
}
