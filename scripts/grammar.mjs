// Writes src/query/filter/grammar.generated.js from grammar.peggy. With --check it writes nothing and exits 1 if the
// parser is stale. It is checked in, so that sources, tests and type checks run without a step before them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import peggy from 'peggy';

const root = fileURLToPath(new URL('..', import.meta.url));
const GRAMMAR = join(root, 'src/query/filter/grammar.peggy');
const PARSER = join(root, 'src/query/filter/grammar.generated.js');

function generated() {
  const source = peggy.generate(readFileSync(GRAMMAR, 'utf8'), {
    grammarSource: relative(root, GRAMMAR),
    output: 'source',
    format: 'es',
  });
  return source.replace(/^.*\n/, `// Written by scripts/grammar.mjs from ${relative(root, GRAMMAR)}; do not edit.\n$&`);
}

function main(check) {
  const parser = generated();
  if (!check) {
    writeFileSync(PARSER, parser);
  } else if (readFileSync(PARSER, 'utf8') !== parser) {
    process.stdout.write(`stale: ${relative(root, PARSER)}; run \`node scripts/grammar.mjs\`\n`);
    process.exitCode = 1;
  }
}

main(process.argv.includes('--check'));
