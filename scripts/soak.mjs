#!/usr/bin/env node
// `npm run soak [TIMES]`: judges healthy pairs again and again and prints how often something was found that is not there.
// Fifty times take about an hour; `npm test` does the same three times.
import { register } from 'tsx/esm/api';

register();
const { HEALTHY, judge } = await import('../test/lab/healthy-scenarios.ts');
const { Lab } = await import('../test/lab/lab.ts');
const { linksRunning } = await import('../test/lab/views-support.ts');

const times = Number(process.argv[2] ?? 50);
if (!Number.isInteger(times) || times < 1) {
  process.stderr.write('soak: how often is a whole number from 1: npm run soak 50\n');
  process.exit(2);
}

process.stdout.write(`| a healthy pair | judged | false findings |\n|---|---|---|\n`);
for (const scenario of HEALTHY) {
  const found = await soak(scenario);
  if (found.length > 0) process.exitCode = 1;
  process.stdout.write(`| ${scenario.name} | ${times} | ${found.join(', ') || 'none'} |\n`);
}

async function soak(scenario) {
  const lab = new Lab(scenario.options);
  await lab.start();
  try {
    await linksRunning(lab);
    const found = [];
    for (let time = 0; time < times; time += 1) found.push(...(await judge(scenario, lab)));
    return found;
  } finally {
    await lab.stop();
  }
}
