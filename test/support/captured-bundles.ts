import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BundleItem, BundleManifest } from '../../src/model/bundle.js';
import { readArchive } from './archive.js';
import { fixture } from './ctsync.js';

/** The files of a captured bundle by their paths, `manifest.json` among them. */
export type BundleFiles = Map<string, Buffer>;

const files = readArchive(fixture('conntrackd-1.4.7/bundles.archive'));

/** One of both captured bundles: `a`, or `b` of twelve seconds later. */
export function capturedBundle(name: 'a' | 'b'): BundleFiles {
  const own = [...files].filter(([path]) => path.startsWith(`${name}/`));
  return new Map(own.map(([path, bytes]) => [path.slice(2), bytes]));
}

/** The same with a manifest that says something else. */
export function withManifest(bundle: BundleFiles, change: (manifest: BundleManifest) => void): BundleFiles {
  const manifest = JSON.parse(bundle.get('manifest.json')!.toString()) as BundleManifest;
  change(manifest);
  return new Map(bundle).set('manifest.json', Buffer.from(JSON.stringify(manifest)));
}

/**
 * The same with another text of one item, as if it had been collected like that.
 *
 * @param path node and name: `node1/kernel/sysctl.txt`
 */
export function withText(bundle: BundleFiles, path: string, change: (text: string) => string): BundleFiles {
  const bytes = Buffer.from(change(bundle.get(path)!.toString('latin1')), 'latin1');
  const changed = withManifest(bundle, (manifest) => {
    const item = itemIn(manifest, path);
    item.bytes = bytes.length;
    item.sha256 = createHash('sha256').update(bytes).digest('hex');
  });
  return changed.set(path, bytes);
}

/** The same with a further file of the host. */
export function withFile(bundle: BundleFiles, node: string, path: string, text: string): BundleFiles {
  const name = `files${path}`;
  const changed = withManifest(bundle, (manifest) => {
    const { items } = manifest.nodes.find((each) => each.name === node)!;
    items.push({ ...items[0]!, name, kind: 'file', path, bytes: 0, complete: true });
    const item = items.at(-1)!;
    for (const key of ['argv', 'sample', 'exit_code', 'stderr', 'error', 'reason', 'rows'] as const) delete item[key];
  });
  return withText(changed.set(`${node}/${name}`, Buffer.from('')), `${node}/${name}`, () => text);
}

/** The same without an item: it could not be had. */
export function withoutItem(bundle: BundleFiles, path: string, code: string): BundleFiles {
  const changed = withManifest(bundle, (manifest) => {
    const item = itemIn(manifest, path);
    delete item.sha256;
    Object.assign(item, { bytes: 0, complete: false, error: { code, message: 'It could not be had.' } });
  });
  changed.delete(path);
  return changed;
}

/** Writes a bundle as a folder, and gives its path. */
export function written(bundle: BundleFiles, folder: string): string {
  for (const [path, bytes] of bundle) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return folder;
}

function itemIn({ nodes }: BundleManifest, path: string): BundleItem {
  const [node = '', ...name] = path.split('/');
  const item = nodes.find((each) => each.name === node)?.items.find((each) => each.name === name.join('/'));
  if (item === undefined) throw new Error(`no item ${path}`);
  return item;
}
