// Which test files run beside which: most of the time of the lab is waiting, for the second of two samples above all, and
// what does not need it keeps one processor busy. Each lab has namespaces of its own, so several may stand side by side.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Files of one mocha each, in the order in which they are told; none is empty. */
export function lanes(root) {
  const tests = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
  return LANES.map(({ name }, lane) => ({ name, files: tests.filter((file) => laneOf(file) === lane) })).filter(
    ({ files }) => files.length > 0,
  );
}

/** A file runs in the last one that fits it. Findings and healthy pairs are judged again and again, three seconds each. */
const LANES = [
  { name: 'without a pair', fits: /^/ },
  { name: 'views of a pair', fits: /^test\/lab\// },
  { name: 'findings on a pair', fits: /^test\/lab\/findings-/ },
  { name: 'healthy pairs, and failovers', fits: /^test\/lab\/(?:healthy|hook)/ },
];

function laneOf(file) {
  return LANES.findLastIndex(({ fits }) => fits.test(file));
}
