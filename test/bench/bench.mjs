#!/usr/bin/env node
// `npm run bench`: ctsync against conntrack itself, on tables of real flows in namespaces of their own.
//   --flows N    how many flows (1000000); our cases are measured at a tenth of them, too
//   --pairs N    interleaved pairs per case (7)
//   --only TEXT  only the cases whose names hold it, and neither the smaller table nor the saved one; hook: the failover hook alone
//   --plain      without accounting and timestamps, as a kernel keeps flows by default
//   --json FILE  every single measurement, too
//   --check      exit code 1 if a target is missed
// It raises the machine's nf_conntrack_max and hash size while it runs; both are put back also after Ctrl-C.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { register } from 'tsx/esm/api';
import { setUp } from '../../scripts/setup.mjs';

const SMALLER = 10;
const TEMPORARY = '/var/tmp';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '1000000' },
    pairs: { type: 'string', default: '7' },
    only: { type: 'string' },
    plain: { type: 'boolean', default: false },
    json: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});

await setUp({ only: 'lab' });
register();
const { labUnavailable } = await import('../lab/available.ts');
const obstacle = labUnavailable();
if (obstacle === undefined) {
  await bench({ ...values, flows: positive('flows'), pairs: positive('pairs') });
} else {
  process.stderr.write(`bench: ${obstacle}\n`);
  process.exitCode = 1;
}

async function bench({ flows, pairs, only, plain, json, check }) {
  const { hookLine, measureHook, MOST } = await import('./hook.mjs');
  const hook = only === undefined || only === 'hook' ? await measureHook(pairs) : undefined;
  if (hook !== undefined) process.stdout.write(hookLine(hook));
  if (check && hook !== undefined && hook[hook.length >> 1] > MOST) process.exitCode = 1;
  if (only === 'hook') return;
  const { machine, report } = await import('./report.mjs');
  const result = {
    machine: machine(),
    accounting: !plain,
    ...(only === undefined ? await measuredSmall({ flows: Math.round(flows / SMALLER), pairs, plain }) : {}),
    ...(await measured({ flows, pairs, only, plain })),
  };
  const { text, missed } = report(result);
  process.stdout.write(text);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  if (check && missed > 0) process.exitCode = 1;
}

async function measuredSmall({ flows, pairs, plain }) {
  const { withFlows } = await import('./flows.mjs');
  const { withDaemon } = await import('./daemon.mjs');
  const { measureOurs } = await import('./measure.mjs');
  return withFlows({ flows, plain }, async (namespace, tracked) => {
    const results = await measureOurs(namespace, pairs);
    const ofDaemon = await withDaemon(namespace, tracked, (env) => measureOurs(namespace, pairs, env));
    return { small: { flows: tracked, results: [...results, ...ofDaemon] } };
  });
}

async function measured({ flows, pairs, only, plain }) {
  const { withFlows } = await import('./flows.mjs');
  const { withDaemon } = await import('./daemon.mjs');
  const { measureAll, measureFile } = await import('./measure.mjs');
  return withFlows({ flows, plain }, async (namespace, tracked) => {
    const ofKernel = await measureAll(namespace, pairs, only);
    const ofDaemon = await withDaemon(namespace, tracked, (env) => measureAll(namespace, pairs, only, env));
    const cases = [...ofKernel, ...ofDaemon];
    if (only !== undefined) return { flows: tracked, cases };
    const folder = mkdtempSync(join(TEMPORARY, 'ctsync-bench-'));
    try {
      return {
        flows: tracked,
        cases,
        file: { lines: tracked, runs: await measureFile(namespace, join(folder, 'table.txt'), pairs) },
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

function positive(name) {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`bench: --${name} takes a positive number, not ${values[name]}\n`);
  process.exit(2);
}
