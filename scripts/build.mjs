// Bundles the release: one file a command with what they share in chunks beside them, so that a command loads only what it
// needs; then oclif's manifest, so that help and start-up need to load none of them.
import { build as bundle } from 'esbuild';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Some of the libraries are CommonJS and ask for Node's own modules with require. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

export async function build() {
  const fresh = `dist.${process.pid}`;
  await bundle({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts', 'src/cli/help.ts', ...sources('src/cli/hooks'), ...sources('src/commands')],
    outdir: fresh,
    outbase: 'src',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    banner: { js: REQUIRE },
    legalComments: 'none',
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
}

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
