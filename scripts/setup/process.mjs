import { spawn, spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Children find the administrator's tools even where the path lacks their folders, as after a plain `su`. */
export const ENVIRONMENT = {
  ...process.env,
  PATH: `${process.env.PATH ?? '/usr/bin:/bin'}:/usr/local/sbin:/usr/sbin:/sbin`,
};

/** Runs a short command to its end. `code` is null if it can't be started. */
export function captured(argv) {
  const [command, ...args] = argv;
  const { status, stdout, stderr } = spawnSync(command, args, {
    env: { ...ENVIRONMENT, LC_ALL: 'C' },
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return { code: status, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/**
 * Runs a long command whose output nobody wants unless it fails, and resolves when it has ended.
 * @param {string[]} argv
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env] variables over our own
 * @param {boolean} [options.apart] in a process group of its own, which Ctrl-C at the terminal does not reach
 * @param {(child: import('node:child_process').ChildProcess) => void} [options.started]
 * @returns {Promise<{ code: number | null, output: string }>} the last 8,000 characters of what it printed
 */
export function patient(argv, { env = {}, apart = false, started = () => {} } = {}) {
  const [command, ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...ENVIRONMENT, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: apart,
    });
    started(child);
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-8000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });
}

/**
 * Runs one of our scripts as a process of its own while it holds the lock on `path`, so that two set-ups never do the same
 * at once; the kernel drops the lock when the process ends, however it ends. Waits for its end also on Ctrl-C, because it
 * has things to put back; then ends this process too.
 */
export function locked(path, script, args, { quiet = false } = {}) {
  const program = [process.execPath, script, ...args];
  const lock = captured(['flock', '--help']).stdout.includes('--no-fork') ? ['flock', '--no-fork', path] : [];
  const [command, ...rest] = [...lock, ...program];
  return new Promise((resolve, reject) => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const child = spawn(command, rest, {
      cwd: ROOT,
      env: { ...ENVIRONMENT, ...(quiet ? { CTSYNC_SETUP_QUIET: '1' } : {}) },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const pass = (signal) => child.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, pass);
      if (code === 0) resolve();
      else if (code === 130 || signal !== null) process.exit(130);
      else reject(new Error(`${basename(script)} ended with exit code ${code}`));
    });
  });
}
