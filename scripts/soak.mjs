#!/usr/bin/env node
// `npm run soak [TIMES [LABS [WORDS]]]`: judges healthy pairs again and again and prints, as a table for docs/soak.md, how often
// something was found that is not there. Most of the time is waiting between two samples, so several labs stand side by
// side. `npm test` judges each three times. With words only the pairs whose name has them. What happens meanwhile is told on stderr.
import { register } from 'tsx/esm/api';

register();
const { HEALTHY, judge } = await import('../test/lab/healthy-scenarios.ts');

const [, , times = 50, labs = 3] = process.argv.map(Number);
const words = process.argv.slice(4).join(' ');
const scenarios = HEALTHY.filter(({ name }) => name.includes(words));
if (![times, labs].every((number) => Number.isInteger(number) && number >= 1)) {
  process.stderr.write('soak: how often, and in how many labs at once, are whole numbers from 1: npm run soak 50 3\n');
  process.exit(2);
}

if (scenarios.length === 0) {
  process.stderr.write(`soak: no healthy pair is called anything with ${words}\n`);
  process.exit(2);
}

const started = Date.now();
const results = new Map();
const waiting = [...scenarios];
await Promise.all(Array.from({ length: labs }, worker));

process.stdout.write('| a healthy pair | judged | new flows a second | false findings |\n|---|---|---|---|\n');
for (const scenario of scenarios) {
  const { judgements, failure } = results.get(scenario);
  const found = counted(judgements.flatMap((judgement) => judgement.found));
  const wrong = [...found, ...(failure === undefined ? [] : [`broken off: ${failure}`])];
  if (wrong.length > 0) process.exitCode = 1;
  const cells = [scenario.name, judgements.length, rates(judgements), wrong.join(', ') || 'none'];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

async function worker() {
  for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) await soak(scenario);
}

async function soak(scenario) {
  const judgements = [];
  const result = { judgements };
  results.set(scenario, result);
  try {
    await judge(scenario, times, (judgement) => {
      judgements.push(judgement);
      progress(scenario, judgements.length, judgement);
    });
  } catch (error) {
    result.failure = error.message.split('\n')[0];
    progress(scenario, judgements.length, { found: [result.failure] });
  }
}

/** A line for what is wrong and for each tenth that is not. */
function progress({ name }, done, { found }) {
  if (found.length === 0 && done % 10 !== 0 && done !== times) return;
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  process.stderr.write(
    `${minutes} min: ${name}: ${done} of ${times}${found.map((what) => `, found: ${what}`).join('')}\n`,
  );
}

/** What was found several times is told once: `r1 CTS-604 warning (3 times)`. */
function counted(found) {
  const often = new Map();
  for (const what of found) often.set(what, (often.get(what) ?? 0) + 1);
  return [...often].map(([what, count]) => (count === 1 ? what : `${what} (${count} times)`));
}

function rates(judgements) {
  const all = judgements.map(({ newFlowsPerSecond }) => newFlowsPerSecond).filter((rate) => rate !== undefined);
  if (all.length === 0) return '';
  const mean = all.reduce((sum, rate) => sum + rate, 0) / all.length;
  return `${Math.round(mean)} (${Math.min(...all)} to ${Math.max(...all)})`;
}
