import { openSync, closeSync, readFileSync } from 'node:fs';
import { childEnvironment, launch } from '../lab/run.ts';
import { CASES, fromFile, VERSION } from './cases.mjs';

const DEADLINE = 300_000;

/**
 * Every case in so many interleaved pairs with its baseline, each beside the time that --version takes; and the time to
 * the first row where a case shows rows. Times in milliseconds, memory in bytes.
 *
 * @param env by which a conntrackd is found: then it is the cases that need one, else the others
 */
export async function measureAll(namespace, pairs, only, env) {
  const cases = casesOf(env).filter(({ name }) => only === undefined || name.includes(only));
  const results = cases.map((one) => ({ ...one, pairs: [], firstRows: [] }));
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const result of results) {
      const { name, argv, baseline, ours, firstRow, ends } = result;
      // The order within a pair changes, so that neither always profits from what the other has warmed up.
      const first = pair % 2 === 0 ? baseline : argv;
      const one = await toTheEnd(namespace, first, ends, env);
      const two = await toTheEnd(namespace, first === baseline ? argv : baseline, ends, env);
      const [theirs, measured] = first === baseline ? [one, two] : [two, one];
      const version = ours ? (await toTheEnd(namespace, VERSION)).wall : 0;
      result.pairs.push({ baseline: theirs.wall, wall: measured.wall, peak: measured.peak, version });
      if (firstRow !== undefined) {
        const row = await toFirstRow(namespace, argv, firstRow);
        result.firstRows.push({ version, row });
      }
      progress(pair, pairs, name, theirs.wall, measured.wall);
    }
  }
  return results;
}

function casesOf(env) {
  return CASES.filter(({ daemon = false }) => daemon === (env !== undefined));
}

/** The peak memory and the wall time of each of our cases, so many times; for a table of another size. */
export async function measureOurs(namespace, times, env) {
  const results = casesOf(env)
    .filter(({ ours }) => ours)
    .map(({ name, argv, ends }) => ({
      name,
      argv,
      ends,
      walls: [],
      peak: 0,
    }));
  for (let time = 0; time < times; time += 1) {
    for (const result of results) {
      const { wall, peak } = await toTheEnd(namespace, result.argv, result.ends, env);
      result.walls.push(wall);
      result.peak = Math.max(result.peak, peak);
    }
  }
  return results;
}

/** Saves the table into a file, and reads it from there so many times, each beside the time that --version takes. */
export async function measureFile(namespace, file, times) {
  const output = openSync(file, 'w', 0o600);
  try {
    const code = await end(start(namespace, CASES[0].baseline, output));
    if (code !== 0) throw new Error(`conntrack ended with exit code ${code}`);
  } finally {
    closeSync(output);
  }
  const runs = [];
  for (let time = 0; time < times; time += 1) {
    const { wall } = await toTheEnd(namespace, fromFile(file));
    runs.push({ wall, version: (await toTheEnd(namespace, VERSION)).wall });
  }
  return runs;
}

/** Wall time and peak memory of a run into /dev/null, which has to end with 0 or with a code that is allowed for. */
async function toTheEnd(namespace, argv, ends = [], env = {}) {
  const begin = performance.now();
  const child = start(namespace, argv, 'ignore', env);
  let peak = 0;
  // VmHWM only grows, so the last look before the end tells it; `ip` has become the command itself by then.
  const look = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid));
  }, 20);
  const code = await end(child);
  const wall = performance.now() - begin;
  clearInterval(look);
  if (code !== 0 && !ends.includes(code)) throw new Error(`${argv.join(' ')} ended with exit code ${code}`);
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

function start(namespace, argv, stdout, env = {}) {
  return launch(['ip', 'netns', 'exec', namespace, ...argv], {
    env: childEnvironment(env),
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
