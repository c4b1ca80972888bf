// `npm test`: makes the clone ready, runs every test and ends with one line, `N passed, N failed`. The lab comes last, file
// after file: it has the machine's network to itself. What stands behind `npm test --` goes to mocha; files named there
// are run instead of all. With CI=true nothing may be left out: a test that skips is a test that failed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const { code, cut = false, passed, failed } = await tested(args);
  // mocha's last line has no end where it was ended from outside.
  if (cut) process.stdout.write('\n');
  // A run that ended badly without a failed test (a file that can't be loaded, no test at all) has failed once.
  process.stdout.write(`${passed} passed, ${code !== 0 && failed === 0 ? 1 : failed} failed\n`);
  // mocha's own code is the number of failed tests, which may look like a signal's.
  return failed > 0 ? 1 : code;
}

async function tested(args) {
  try {
    const { setUp } = await import('./setup.mjs');
    await setUp({});
  } catch (error) {
    process.stderr.write(`set-up failed: ${error instanceof Error ? error.message : String(error)}\n`);
    return { code: 1, passed: 0, failed: 0 };
  }
  const folder = mkdtempSync(join(tmpdir(), 'ctsync-test-'));
  try {
    const counts = join(folder, 'counts.json');
    return { ...(await mocha(args, counts)), ...countsIn(counts) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function mocha(args, counts) {
  const { reporter, files, rest } = sorted(args);
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
      ...(files.length > 0 ? files : allTests()),
    ],
    {
      cwd: root,
      stdio: 'inherit',
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

function allTests() {
  const tests = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
  const isLab = (file) => file.startsWith('test/lab/');
  return [...tests.filter((file) => !isLab(file)), ...tests.filter(isLab)];
}

/**
 * The exit code of a child, which gets every signal that we get and has the time to clean up after it, and whether it was
 * ended by one. We stay deaf to them after that: the counts are yet to be told.
 */
function ended(child) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let cut = false;
  const pass = (signal) => {
    cut = true;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), cut: cut || signal !== null });
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
