// Dependencies and build. Run as a program it does what is needed; setup.mjs holds a lock around it.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patient, ROOT } from './process.mjs';

/** What the build reads, and what it writes. */
const INPUTS = [
  'src',
  'bin',
  'scripts/build.mjs',
  'scripts/build',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
const OUTPUTS = ['dist', 'oclif.manifest.json'];

const STAMP = join(ROOT, 'node_modules/.ctsync-built');

/** What has to be done before ctsync runs from this clone, as phrases; empty if nothing. */
export function projectNeeds() {
  return [
    ...(dependenciesAreComplete() ? [] : ['installing the dependencies (npm ci)']),
    ...(buildIsFresh() ? [] : ['building ctsync (npm run build)']),
  ];
}

/**
 * npm writes node_modules/.package-lock.json as its last step, so it is missing after an interrupted `npm ci`; what it
 * lists is compared, not its time, because a checkout gives every file the same time. A package that is missing there
 * is one for another platform, or node_modules is older than the lock file.
 */
function dependenciesAreComplete() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const installed = present[path];
    if (installed === undefined) return optional === true;
    return (
      installed.version === version && installed.integrity === integrity && existsSync(join(ROOT, path, 'package.json'))
    );
  });
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(join(ROOT, lockFile), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function buildIsFresh() {
  try {
    return readFileSync(STAMP, 'utf8') === stamp(digest(INPUTS));
  } catch {
    return false;
  }
}

/**
 * Names the sources, the Node.js and the build made with them: a build cut short, or by hand from other sources, has another
 * one. What V8 compiles ahead holds for one version only.
 */
function stamp(inputs) {
  return `${inputs} ${process.version} ${digest(OUTPUTS)}\n`;
}

function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesUnder))
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(ROOT, path)))
      .update('\0');
  return hash.digest('hex');
}

function filesUnder(path) {
  if (!existsSync(join(ROOT, path))) return [];
  try {
    const entries = readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(ROOT.length))
      .sort();
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}

async function makeReady() {
  // Asked again: another set-up may have done it while we waited for the lock.
  if (!dependenciesAreComplete()) await npm(['ci', '--include=dev', '--no-audit', '--no-fund']);
  if (buildIsFresh()) return;
  const inputs = digest(INPUTS);
  await npm(['run', 'build']);
  writeFileSync(STAMP, stamp(inputs));
}

async function npm(args) {
  const { code, output } = await patient(['npm', ...args]);
  if (code === 0) return;
  process.stderr.write(`${output}\nset-up: npm ${args.join(' ')} failed\n`);
  process.exit(1);
}

if (realpathSync(process.argv[1] ?? '/') === fileURLToPath(import.meta.url)) await makeReady();
