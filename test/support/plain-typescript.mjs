// Runs TypeScript as tsx does, but without the helper that tsx puts into every file to keep the names of functions: it
// counts as a branch that is never taken, in every file. Only for measuring coverage:
// c8 mocha --node-option import=./test/support/plain-typescript.mjs
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { transform } from 'esbuild';

// Node 20 loads the hooks in a thread of their own.
if (isMainThread) register(import.meta.url);

export async function resolve(specifier, context, next) {
  const source = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
  if (!source || !specifier.endsWith('.js')) return next(specifier, context);
  return next(specifier.replace(/\.js$/, '.ts'), context).catch(() => next(specifier, context));
}

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const sourcefile = fileURLToPath(url);
  const { code } = await transform(await readFile(sourcefile, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    sourcefile,
  });
  return { format: 'module', source: code, shortCircuit: true };
}
