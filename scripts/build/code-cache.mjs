// Writes what V8 has compiled of the release beside it. V8 compiles a function when it is first called, so the release is used
// for that, as operators use it: on the recordings in examples/, with stand-ins for the tools, which nothing here depends on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAIR = 'examples/pair/r1';

const CONF = 'conntrackd.conf';
const ASK_LIVE = ['--no-sudo', '--daemon-config', CONF];

/** Each adds what it calls to what those before it have called. */
const USES = [
  ['--version'],
  ['show', 'conntrack', 'table', 'ipv4', '--no-sudo'],
  ['show', 'conntrack', 'table', 'ipv4', '--from', `${PAIR}/table-ipv4.txt`, '--json'],
  ['show', 'conntrack', 'table', 'ipv4', '--from', `${PAIR}/table-ipv4.txt`, '--filter', 'tcp', '--count'],
  ['show', 'conntrack-sync', 'cache', 'internal', '--from', `${PAIR}/cache-internal.txt`],
  ['show', 'conntrack-sync', 'statistics', ...ASK_LIVE],
  ['show', 'conntrack-sync', 'status', '--from', `${PAIR}/status`],
  ['export', 'prometheus', ...ASK_LIVE],
  ['check', 'conntrack-sync', '--state-file', 'check.state', ...ASK_LIVE],
];
const TOO_LONG_MS = 60_000;

const STAND_INS = {
  conntrack: `case "$1" in
-S) echo 'cpu=0 found=1 invalid=0 insert=0 insert_failed=0 drop=0 early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0' ;;
*) exec cat ${PAIR}/table-ipv4.txt ;;
esac`,
  conntrackd: `echo 'Connection tracking userspace daemon v1.4.7.'`,
  ip: `echo '[{"ifname":"eth0","flags":["UP"],"addr_info":[{"family":"inet","local":"192.0.2.1","prefixlen":24}]}]'`,
};

/** The daemon's pages by the number that asks for them; the others are empty. */
const PAGES = { 21: 's.txt', 30: 's-runtime.txt', 31: 's-link.txt' };

export async function writeCodeCache(root) {
  const folder = mkdtempSync(join(tmpdir(), 'ctsync-build-'));
  const daemon = answering(join(folder, 'conntrackd.sock'), join(root, PAIR, 'status'));
  try {
    symlinkSync(join(root, 'examples'), join(folder, 'examples'));
    for (const [tool, script] of Object.entries(STAND_INS)) {
      writeFileSync(join(folder, tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    writeFileSync(join(folder, CONF), configuration(join(folder, 'conntrackd.sock')));
    for (const use of USES) await run(folder, use);
  } finally {
    daemon.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A conntrackd as far as its pages go. */
function answering(path, pages) {
  const answer = (request) => (request in PAGES ? readFileSync(join(pages, PAGES[request])) : '');
  return createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', (bytes) => client.end(answer(bytes.readInt32LE())));
  }).listen(path);
}

const configuration = (socket) => `Sync {
  Mode FTFW {
  }
  Multicast {
    IPv4_address 225.0.0.50
    Group 3780
    IPv4_interface 192.0.2.1
    Interface eth0
  }
}
General {
  UNIX {
    Path ${socket}
  }
}
`;

async function run(folder, use) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...use], {
    cwd: folder,
    // Nothing of ours: coverage and options for Node.js change what is compiled, and what was compiled is not taken then.
    env: { PATH: `${folder}:${process.env.PATH}` },
    stdio: 'ignore',
    timeout: TOO_LONG_MS,
  });
  // How it ends is not our question: without connection tracking there is no table to show, for one.
  const [, signal] = await once(child, 'exit');
  if (signal) throw new Error(`ctsync ${use.join(' ')} ended with ${signal} during the build`);
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
