import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { IncludedFile } from '../../src/model/keepalived-conf.js';

/** The files that a pattern with `*` in its last part names, read from the disk. */
export function readIncluded(pattern: string, fromFile: string): IncludedFile[] {
  const folder = join(dirname(fromFile), dirname(pattern));
  const name = new RegExp(`^${basename(pattern).replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
  return readdirSync(folder)
    .filter((each) => name.test(each))
    .sort()
    .map((each) => ({ file: join(folder, each), text: readFileSync(join(folder, each), 'utf8') }));
}
