// Writes a support bundle in a process of its own: one that may be killed, or have a file system of its own.
// Usage: node --import tsx test/support/write-bundle.mjs OUTPUT BYTES [wait]
// With `wait` it says `ready` once all that it ever does before the end is done, and waits for its end.
import { randomBytes } from 'node:crypto';
import { BundleWriter } from '../../src/bundle/archive/write.ts';
import { writeOutput } from '../../src/bundle/archive/output-file.ts';
import { itemOf, manifestOf, streamOf } from './bundles.ts';

const [path, bytes, wait] = process.argv.slice(2);
const abort = new AbortController();
// As a command does on a second signal: nothing is waited for.
process.on('SIGTERM', () => process.exit(143));

// What can't be packed.
const content = randomBytes(Number(bytes));

async function* endless() {
  yield content;
  process.stdout.write('ready\n');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

try {
  const writer = await BundleWriter.open({ path, replace: false }, abort.signal);
  await writer.add('r1/table.txt', streamOf(content));
  if (wait === undefined) await writer.finish(manifestOf([itemOf('table.txt', content)]));
  else await writeOutput({ path, replace: false }, endless(), abort.signal);
  process.stdout.write('written\n');
} catch (error) {
  process.stdout.write(`${error.code} ${error.message}\n`);
  process.exitCode = 1;
}
