#!/usr/bin/env node
// Records the lab's pair in examples/pair, as the demo shows it where no pair can be brought up: what the tools print on
// both routers under traffic, and the status files again after a failover. Needs root and the lab's tools.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { register } from 'tsx/esm/api';
import { ROOT } from './setup/process.mjs';
import { setUp } from './setup.mjs';

await setUp({ only: 'lab' });
register();
const { Lab } = await import('../test/lab/lab.ts');
const { LAB_FOLDERS } = await import('../test/lab/sweep.ts');

const TARGET = join(ROOT, 'examples/pair');
const ROUTERS = ['r1', 'r2'];

const lab = new Lab();
try {
  await lab.start();
  await lab.traffic.mixed();
  const flows = (text) => text.split('\n').length;
  await lab.waitFor(async () => flows(await lab.r2.ask('-e')) === flows(await lab.r1.ask('-i')), {
    what: 'the flows to reach r2',
  });
  rmSync(TARGET, { recursive: true, force: true });
  for (const router of ROUTERS) await recordViews(router);
  await lab.failover('cable');
  for (const router of ROUTERS) await recordStatus(router, 'status-after-failover');
} finally {
  await lab.stop();
}

async function recordViews(router) {
  for (const family of ['ipv4', 'ipv6']) {
    const { stdout, stderr } = await lab.exec(router, ['conntrack', '-L', '-f', family, '-o', 'extended,id']);
    // The summary line that tells whether the dump is complete goes to stderr.
    keep(router, `table-${family}.txt`, stdout + stderr);
  }
  keep(router, 'cache-internal.txt', await lab[router].ask('-i'));
  keep(router, 'cache-external.txt', await lab[router].ask('-e'));
  await recordStatus(router, 'status');
}

async function recordStatus(router, folder) {
  for (const name of ['conntrackd.conf', 'keepalived.conf', 'failover-state']) {
    keep(router, `${folder}/${name}`, readFileSync(lab[router].file(name), 'utf8'));
  }
  keep(router, `${folder}/s.txt`, await lab[router].ask('-s'));
  keep(router, `${folder}/s-runtime.txt`, await lab[router].ask('-s', 'runtime'));
  keep(router, `${folder}/s-link.txt`, await lab[router].ask('-s', 'link'));
}

/** The lab's own folder name holds a process id; the recording gets a neutral one. */
function keep(router, name, text) {
  const path = join(TARGET, router, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.replaceAll(lab.folder, LAB_FOLDERS));
}
