import { readFileSync } from 'node:fs';
import { childEnvironment, launch } from '../lab/run.ts';
import { BASELINE, CASES, VERSION } from './cases.mjs';

const DEADLINE = 300_000;

/**
 * Every case in so many interleaved pairs with the baseline, then the time to the first row beside the time that
 * --version takes, as often. Times in milliseconds, memory in bytes.
 */
export async function measureAll(namespace, pairs) {
  const results = CASES.map(({ name, firstRow }) => ({ name, ours: firstRow !== undefined, pairs: [], firstRows: [] }));
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const [index, { name, argv, firstRow }] of CASES.entries()) {
      // The order within a pair changes, so that neither always profits from what the other has warmed up.
      const first = pair % 2 === 0 ? BASELINE : argv;
      const one = await toTheEnd(namespace, first);
      const two = await toTheEnd(namespace, first === BASELINE ? argv : BASELINE);
      const [baseline, measured] = first === BASELINE ? [one, two] : [two, one];
      results[index].pairs.push({ baseline: baseline.wall, wall: measured.wall, peak: measured.peak });
      if (firstRow !== undefined) {
        const version = await toTheEnd(namespace, VERSION);
        results[index].firstRows.push({ version: version.wall, row: await toFirstRow(namespace, argv, firstRow) });
      }
      progress(pair, pairs, name, baseline.wall, measured.wall);
    }
  }
  return { cases: results };
}

/** Wall time and peak memory of a run into /dev/null. */
async function toTheEnd(namespace, argv) {
  const begin = performance.now();
  const child = start(namespace, argv, 'ignore');
  let peak = 0;
  // VmHWM only grows, so the last look before the end tells it; `ip` has become the command itself by then.
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 20);
  const code = await end(child);
  const wall = performance.now() - begin;
  clearInterval(look);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with exit code ${code}`);
  return { wall, peak };
}

/** Time until the first row can be read from a pipe; the rest is not waited for. */
async function toFirstRow(namespace, argv, firstRow) {
  const begin = performance.now();
  const child = start(namespace, argv, 'pipe');
  let seen = '';
  const time = await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      if (seen.length > 1 << 20) return;
      seen += chunk.toString('latin1');
      if (firstRow.test(seen)) resolve(performance.now() - begin);
    });
    child.stdout.on('end', () => reject(new Error(`${argv.join(' ')} printed no row`)));
  });
  child.kill('SIGKILL');
  await end(child);
  return time;
}

function start(namespace, argv, stdout) {
  return launch(['ip', 'netns', 'exec', namespace, ...argv], {
    env: childEnvironment(),
    stdio: ['ignore', stdout, 'ignore'],
  });
}

function end(child) {
  const deadline = setTimeout(() => child.kill('SIGKILL'), DEADLINE);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(deadline);
      resolve(code ?? signal);
    });
  });
}

function peakOf(pid) {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function progress(pair, pairs, name, baseline, wall) {
  const seconds = (milliseconds) => (milliseconds / 1000).toFixed(2);
  process.stderr.write(
    `bench: pair ${pair + 1}/${pairs} ${name}: ${seconds(wall)} s, conntrack ${seconds(baseline)} s\n`,
  );
}
