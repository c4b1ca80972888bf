// `npm test`: makes the clone ready, runs every test and ends with one line, `N passed, N failed`. Several mochas
// run side by side (test/lanes.mjs); what the first says is seen at once, what the others say when each has ended. What
// stands behind `npm test --` goes to mocha, a single one then; files named there are run instead of all. With CI=true
// nothing may be left out: a test that skips is a test that failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lanes } from './test/lanes.mjs';

/** More lanes would take so much of the machine that tests wait for it in vain. */
const SIDE_BY_SIDE = 3;

const root = fileURLToPath(new URL('..', import.meta.url));

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const { code, cut = false, passed, failed } = await tested(args);
  // mocha's last line has no end where it was ended from outside.
  if (cut) process.stdout.write('\n');
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  // mocha's own code is the number of failed tests, which may look like a signal's.
  return failed > 0 ? 1 : code;
}

async function tested(args) {
  try {
    const { setUp } = await import('./setup.mjs');
    await setUp({});
  } catch (error) {
    process.stderr.write(`set-up failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return { code: 1, passed: 0, failed: 1 };
  }
  const folder = mkdtempSync(join(tmpdir(), 'ctsync-test-'));
  try {
    return sum(
      await sideBySide(runs(args).map((run, index) => () => outcome(run, join(folder, `counts-${index}.json`)))),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Does all of it, the first ones first, so many at a time. */
async function sideBySide(works) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < works.length) {
      const index = next++;
      results[index] = await works[index]();
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return results;
}

/** What each mocha is to run: one for all that was asked for, or one a lane where nothing was. */
function runs(args) {
  const { reporter, files, rest } = sorted(args);
  const all = lanes(root);
  if (files.length > 0) return [{ reporter, files, rest }];
  if (rest.length > 0) return [{ reporter, files: all.flatMap((lane) => lane.files), rest }];
  return all.map((lane, index) => ({ ...lane, reporter, rest, later: index > 0 }));
}

async function outcome(run, counts) {
  const begun = performance.now();
  const { code, cut, said } = await mocha(run, counts);
  const seconds = Math.round((performance.now() - begun) / 1000);
  if (said !== undefined) process.stdout.write(`\n== ${run.name}, in ${seconds} s\n${said}`);
  const { passed, failed } = countsIn(counts);
  // A run that ended badly without a failed test (a file that can't be loaded, no test at all) has failed once.
  return { code, cut, passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function sum(outcomes) {
  const total = (key) => outcomes.reduce((so, outcome) => so + outcome[key], 0);
  return {
    code: outcomes.find(({ code }) => code !== 0)?.code ?? 0,
    cut: outcomes.some(({ cut }) => cut),
    passed: total('passed'),
    failed: total('failed'),
  };
}

function mocha({ reporter, files, rest, later = false }, counts) {
  const strict = process.env.CI === 'true' ? ['--forbid-only', '--forbid-pending'] : [];
  const child = spawn(
    process.execPath,
    [
      // To Node itself: mocha would start a second process for it, and kill that one on Ctrl-C before the lab is down.
      ...configuration()['node-option'].map((option) => `--${option}`),
      join(root, 'node_modules/mocha/bin/mocha.js'),
      // The configuration leaves the lab out.
      '--no-config',
      '--timeout',
      String(configuration().timeout),
      '--reporter',
      join(root, 'scripts/test/counting-reporter.cjs'),
      '--fail-zero',
      ...strict,
      ...rest,
      ...files,
    ],
    {
      cwd: root,
      stdio: later ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: {
        ...process.env,
        CTSYNC_TEST_COUNTS: counts,
        ...(reporter !== undefined && { CTSYNC_TEST_REPORTER: reporter }),
      },
    },
  );
  return ended(child);
}

function sorted(args) {
  const found = { reporter: configuration().reporter, files: [], rest: [] };
  for (let i = 0; i < args.length; i++) {
    const [, value] = /^(?:--reporter|-R)(?:=(.*))?$/.exec(args[i]) ?? [];
    if (value !== undefined) found.reporter = value;
    else if (/^(?:--reporter|-R)$/.test(args[i])) found.reporter = args[++i];
    else if (args[i].endsWith('.test.ts')) found.files.push(args[i]);
    else found.rest.push(args[i]);
  }
  return found;
}

function configuration() {
  return JSON.parse(readFileSync(join(root, '.mocharc.json'), 'utf8'));
}

/**
 * The exit code of a child, which gets every signal that we get and has the time to clean up after it, and whether it was
 * ended by one. We stay deaf to them after that: the counts are yet to be told. Where it does not speak for itself, what it
 * has said.
 */
function ended(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let cut = false;
  const pass = (signal) => {
    cut = true;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  let said = child.stdout === null ? undefined : '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once(child.stdout === null ? 'exit' : 'close', (code, signal) => {
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), cut: cut || signal !== null, said });
    });
  });
}

function countsIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0 };
  }
}
