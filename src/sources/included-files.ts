import { dirname } from 'node:path';
import { globSync } from 'tinyglobby';
import { readSmallFile } from './files.js';

/** The files that a pattern names, in the order of their names; a relative one is relative to the folder of `fromFile`. */
export function readIncludedFiles(pattern: string, fromFile: string): { file: string; text: string }[] {
  const files = globSync(pattern, { cwd: dirname(fromFile), absolute: true, expandDirectories: false }).sort();
  return files.flatMap((file) => {
    const read = readSmallFile(file);
    // keepalived skips what it can't read, too.
    return 'text' in read ? [{ file, text: read.text }] : [];
  });
}
