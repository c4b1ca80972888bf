// Writes a text archive for readArchive (archive.ts).
// Usage: node test/support/make-archive.mjs ARCHIVE ROOT NOTE < names, one a line, relative to ROOT
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [archive, root, note] = process.argv.slice(2);
if (note === undefined) {
  process.stderr.write('usage: make-archive.mjs ARCHIVE ROOT NOTE < names\n');
  process.exit(2);
}

const names = readFileSync(0, 'utf8').split('\n').filter(Boolean).sort();
const parts = note.split('\n').map((line) => Buffer.from(`# ${line}\n`));
for (const name of names) {
  if (/\s/.test(name)) throw new Error(`a member's name can't hold white space: ${name}`);
  const content = readFileSync(join(root, name));
  parts.push(Buffer.from(`--- ${name} ${content.length}\n`), content, Buffer.from('\n'));
}
writeFileSync(archive, Buffer.concat(parts));
