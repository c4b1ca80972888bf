// Bundles the release into one file, in which each command is set up only when it is asked for; then oclif's manifest, so that
// help and start-up need none of them; then what V8 compiles of it in use, so that a start has little left to compile.
import { build as bundle } from 'esbuild';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { writeCodeCache } from './build/code-cache.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Some of the libraries are modules that ask where they are. */
const WHERE = "const __url = require('node:url').pathToFileURL(__filename).href;";

export async function build() {
  const fresh = `dist.${process.pid}`;
  await bundle({
    absWorkingDir: root,
    stdin: { contents: entryPoint(), resolveDir: root, sourcefile: 'release.js' },
    outfile: `${fresh}/ctsync.cjs`,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    banner: { js: WHERE },
    define: { 'import.meta.url': '__url' },
    legalComments: 'none',
    // One copy for oclif and us: each is set up at every start.
    alias: { tinyglobby: join(root, 'node_modules/tinyglobby/dist/index.cjs') },
    // oclif asks for it only to run from TypeScript sources, which a release never does.
    external: ['typescript'],
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    sourcemap: true,
    sourcesContent: false,
  });
  // A build that fails, or is ended half way, leaves the old release as it was, and there is no moment without one.
  const old = join(root, `dist.old.${process.pid}`);
  if (existsSync(join(root, 'dist'))) renameSync(join(root, 'dist'), old);
  renameSync(join(root, fresh), join(root, 'dist'));
  rmSync(old, { recursive: true, force: true });
  execFileSync(process.execPath, [join(root, 'node_modules/oclif/bin/run.js'), 'manifest'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, OCLIF_SKIP_NEW_VERSION_CHECK: 'true' },
  });
  await writeCodeCache(root);
}

/** What bin/run.js and oclif ask the release for; nothing of it is set up before. */
function entryPoint() {
  const commands = commandFiles().map(
    (file) => `get ${JSON.stringify(idOf(file))}() { return ${theDefaultOf(file)}; },`,
  );
  return `
module.exports = {
  main: (...args) => require('./src/cli/main.ts').main(...args),
  get Help() { return ${theDefaultOf('src/cli/help.ts')}; },
  get commandNotFound() { return ${theDefaultOf('src/cli/hooks/command-not-found.ts')}; },
  COMMANDS: {
    ${commands.join('\n    ')}
  },
};`;
}

function theDefaultOf(file) {
  return `require(${JSON.stringify(`./${file}`)}).default`;
}

function commandFiles() {
  return readdirSync(join(root, 'src/commands'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** The folders and the name, as oclif wants them: `show:conntrack:table`. */
function idOf(file) {
  return relative('src/commands', file)
    .replace(/(?:\/index)?\.ts$/, '')
    .replaceAll('/', ':');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
