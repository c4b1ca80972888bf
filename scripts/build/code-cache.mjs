// Writes what V8 has compiled of the release beside it. V8 compiles a function when it is first called, so the release is used
// for that, as operators use it: on the recordings in examples/, with stand-ins for the tools, which nothing here depends on.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAIR = 'examples/pair/r1';

/** Each adds what it calls to what those before it have called. */
const USES = [
  ['--version'],
  ['show', 'conntrack', 'table', 'ipv4', '--no-sudo'],
  ['show', 'conntrack', 'table', 'ipv4', '--from', `${PAIR}/table-ipv4.txt`, '--json'],
  ['show', 'conntrack', 'table', 'ipv4', '--from', `${PAIR}/table-ipv4.txt`, '--filter', 'tcp', '--count'],
  ['show', 'conntrack-sync', 'cache', 'internal', '--from', `${PAIR}/cache-internal.txt`],
  ['show', 'conntrack-sync', 'statistics', '--from', `${PAIR}/status/s.txt`],
  ['show', 'conntrack-sync', 'status', '--from', `${PAIR}/status`],
  ['export', 'prometheus', '--from', `${PAIR}/status`],
];
const TOO_LONG_MS = 60_000;

export function writeCodeCache(root) {
  const tools = mkdtempSync(join(tmpdir(), 'ctsync-build-'));
  try {
    writeFileSync(join(tools, 'conntrack'), `#!/bin/sh\nexec cat ${PAIR}/table-ipv4.txt\n`, { mode: 0o755 });
    for (const use of USES) run(root, tools, use);
  } finally {
    rmSync(tools, { recursive: true, force: true });
  }
}

function run(root, tools, use) {
  const { error, signal } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...use], {
    cwd: root,
    // Nothing of ours: coverage and options for Node.js change what is compiled, and what was compiled is not taken then.
    env: { PATH: `${tools}:${process.env.PATH}` },
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: TOO_LONG_MS,
  });
  // How it ends is not our question: without connection tracking there is no table to show, for one.
  if (error || signal) throw error ?? new Error(`ctsync ${use.join(' ')} ended with ${signal} during the build`);
}

function useAndWrite() {
  const { codeCache } = createRequire(import.meta.url)('../../bin/load.cjs');
  process.on('exit', () => {
    const fresh = `${codeCache.path}.${process.pid}`;
    writeFileSync(fresh, codeCache.make());
    renameSync(fresh, codeCache.path);
  });
  return import('../../bin/run.js');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await useAndWrite();
