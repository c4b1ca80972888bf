import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { globSync } from 'tinyglobby';

/** The files that a pattern names, in the order of their names; a relative one is relative to the folder of `fromFile`. */
export function readIncludedFiles(pattern: string, fromFile: string): { file: string; text: string }[] {
  const files = globSync(pattern, { cwd: dirname(fromFile), absolute: true, expandDirectories: false }).sort();
  return files.flatMap((file) => {
    try {
      return [{ file, text: readFileSync(file, 'utf8') }];
    } catch {
      // keepalived skips what it can't read, too.
      return [];
    }
  });
}
