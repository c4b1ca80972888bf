// Which test files run beside which: most of the time of the lab is waiting, for the second of two samples above all, and
// what does not need it keeps one processor busy. Each lab has namespaces of its own, so two may stand side by side.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Judged again and again, three seconds each. */
const SAMPLED = /^test\/lab\/(findings-|healthy)/;

/** Files of one mocha each, in the order in which they are told; none is empty. */
export function lanes(root) {
  const tests = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
  const isLab = (file) => file.startsWith('test/lab/');
  return [
    { name: 'without a pair', files: tests.filter((file) => !isLab(file)) },
    { name: 'views of a pair', files: tests.filter((file) => isLab(file) && !SAMPLED.test(file)) },
    { name: 'findings on a pair', files: tests.filter((file) => SAMPLED.test(file)) },
  ].filter(({ files }) => files.length > 0);
}
