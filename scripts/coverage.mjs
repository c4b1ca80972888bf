// `npm run coverage`: how much of the parsers their own tests and the properties reach. Exits 1 below 98 % of the lines
// or of the branches; the others are in the table, too.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const c8 = ['--include', 'src/parsers/**', '--check-coverage', '--lines', '98', '--branches', '98'];
const mocha = [
  '--no-config',
  '--node-option',
  'import=./test/support/plain-typescript.mjs',
  '--timeout',
  '60000',
  '--reporter',
  'dot',
];
const tests = ['test/parsers/**/*.test.ts', 'test/properties/**/*.test.ts'];

const { status } = spawnSync('node_modules/.bin/c8', [...c8, 'node_modules/.bin/mocha', ...mocha, ...tests], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
