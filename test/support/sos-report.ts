import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readArchive } from './archive.js';
import { fixture } from './ctsync.js';

/** The reports that were captured, by the version of sos. */
export const REPORTS = ['sos-4.9.1', 'sos-4.0'] as const;

/** The files of a captured report by their paths, and where its links lead. */
export function capturedReport(version: (typeof REPORTS)[number]): {
  files: Map<string, Buffer>;
  links: Map<string, string>;
} {
  const files = readArchive(fixture(`${version}/router.archive`));
  const lines = files.get('LINKS')?.toString().trim().split('\n') ?? [];
  files.delete('LINKS');
  return { files, links: new Map(lines.map((line) => line.split(' ') as [string, string])) };
}

/** Makes a report of sos out of its files and links. @returns its folder */
export function reportIn(
  folder: string,
  files: ReadonlyMap<string, Buffer | string>,
  links: ReadonlyMap<string, string>,
): string {
  const root = join(folder, 'sosreport-r1-2026-11-26-zwapzkm');
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const [path, target] of links) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(target, join(root, path));
  }
  return root;
}

/** Packs a report as sos does, links and FIFOs among it. @returns the archive */
export function packed(root: string, ending: 'tar' | 'tar.gz' | 'tar.xz'): string {
  const archive = `${root}.${ending}`;
  const options = { tar: '-cf', 'tar.gz': '-czf', 'tar.xz': '-cJf' }[ending];
  const { status, stderr } = spawnSync('tar', [
    options,
    archive,
    '-C',
    dirname(root),
    root.slice(dirname(root).length + 1),
  ]);
  if (status !== 0) throw new Error(`tar: ${stderr.toString()}`);
  return archive;
}
