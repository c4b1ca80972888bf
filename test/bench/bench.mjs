#!/usr/bin/env node
// `npm run bench`: ctsync against conntrack itself, on a table of real flows in a namespace of its own.
//   --flows N    how many flows (1000000)
//   --pairs N    interleaved pairs per case (7)
//   --plain      without accounting and timestamps, as a kernel keeps flows by default
//   --json FILE  every single measurement, too
//   --check      exit code 1 if a target is missed
// It raises the machine's nf_conntrack_max and hash size while it runs; both are put back also after Ctrl-C.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { register } from 'tsx/esm/api';
import { setUp } from '../../scripts/setup.mjs';

const { values } = parseArgs({
  options: {
    flows: { type: 'string', default: '1000000' },
    pairs: { type: 'string', default: '7' },
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

async function bench({ flows, pairs, plain, json, check }) {
  const { withFlows } = await import('./flows.mjs');
  const { measureAll } = await import('./measure.mjs');
  const { machine, report } = await import('./report.mjs');
  const result = await withFlows({ flows, plain }, async (namespace, tracked) => ({
    machine: machine(),
    flows: tracked,
    accounting: !plain,
    ...(await measureAll(namespace, pairs)),
  }));
  const { text, missed } = report(result);
  process.stdout.write(text);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, undefined, 2)}\n`);
  if (check && missed > 0) process.exitCode = 1;
}

function positive(name) {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number > 0) return number;
  process.stderr.write(`bench: --${name} takes a positive number, not ${values[name]}\n`);
  process.exit(2);
}
