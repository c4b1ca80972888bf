import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a child process of the lab ended. `code` is null when a signal ended it. */
export interface Outcome {
  stdout: string;
  stderr: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RunOptions {
  /** Variables over the lab's own environment; undefined removes one. */
  env?: Record<string, string | undefined>;
  /** Text for standard input; without it standard input is empty. */
  input?: string;
  /** Seconds until the child is killed and the call rejected. */
  seconds?: number;
  cwd?: string;
  /** The child writes to our own standard output and error, and the outcome holds nothing of it. */
  visible?: boolean;
}

/**
 * The environment of every child: the tools' words in English, times in UTC, and the folders of the administrator's
 * tools on the path (a root shell made by `su` may lack them). NODE_EXTRA_CA_CERTS would only slow node down.
 */
export function childEnvironment(changes: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _unused, ...inherited } = process.env;
  return {
    ...inherited,
    PATH: `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/local/sbin:/usr/sbin:/sbin`,
    LC_ALL: 'C',
    TZ: 'UTC',
    // A bash of the first level whose stdin is a socket, as Node's pipes are, takes itself for one of rshd and reads ~/.bashrc.
    SHLVL: '1',
    ...changes,
  };
}

const alive = new Set<ChildProcess>();

/** Starts a child process; every child of the lab is started here, so that {@link killChildren} knows it. */
export function launch(argv: readonly string[], options: SpawnOptions): ChildProcess {
  const [command, ...args] = argv;
  if (command === undefined) throw new TypeError('there is no command to run');
  const child = spawn(command, args, options);
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  child.once('error', () => alive.delete(child));
  return child;
}

/**
 * Kills every child and waits until it is dead. Synchronous, for a process that ends: an `ip netns add` still at work
 * would otherwise make a namespace after all of them have been removed.
 */
export function killChildren(): void {
  for (const child of alive) child.kill('SIGKILL');
  const deadline = performance.now() + 2000;
  while ([...alive].some(isRunning) && performance.now() < deadline) pause(5);
}

/** Stands still for so many milliseconds; only for code that runs while the process ends. */
export function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Runs a command to its end and gives back what it said; rejects only if it can't be started or exceeds its time. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const seconds = options.seconds ?? 60;
  return new Promise((resolve, reject) => {
    const child = launch(argv, {
      env: childEnvironment(options.env),
      stdio: ['pipe', ...(options.visible === true ? (['inherit', 'inherit'] as const) : (['pipe', 'pipe'] as const))],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const deadline = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`still running after ${String(seconds)} s: ${argv.join(' ')}`));
    }, seconds * 1000);
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.once('error', (error) => {
      clearTimeout(deadline);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(deadline);
      resolve({ stdout: stdout(), stderr: stderr(), code, signal });
    });
    // A child that ends without reading its input is no failure of ours.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

/** Runs a command that has to succeed; rejects with its last words otherwise. */
export async function must(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await run(argv, options);
  if (outcome.code !== 0) {
    const ending = outcome.code === null ? (outcome.signal ?? 'a signal') : `exit code ${String(outcome.code)}`;
    throw new Error(`${argv.join(' ')}: ${ending}\n${outcome.stderr}${outcome.stdout}`.trimEnd());
  }
  return outcome.stdout;
}

/** Resolves once the process has ended, however it ends; at once if it has ended already. */
export function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
}

function isRunning({ pid }: ChildProcess): boolean {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // proc(5): the state follows the command name in brackets; Z is a dead process whose parent has not looked yet.
    return stat.charAt(stat.lastIndexOf(')') + 2) !== 'Z';
  } catch {
    return false;
  }
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
