import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isOurs, labIdOf, ownerIsAlive } from './owner.js';
import { killChildren, pause } from './run.js';

const NAMESPACES = '/run/netns';

/** Each lab has its folder here: configurations, sockets, logs. */
export const LAB_FOLDERS = '/run/ctsync-lab';

const running = new Set<string>();

/**
 * From now on the lab is removed when this process ends: by itself, by an exception, by Ctrl-C or by another signal
 * that can be caught.
 */
export function guard(labId: string): void {
  if (running.size === 0) {
    process.on('exit', removeAll);
    for (const signal of SIGNALS) process.on(signal, leave);
  }
  running.add(labId);
}

/**
 * Takes a lab down: its processes (everything that runs in its namespaces), namespaces and folder. Synchronous, because
 * it also runs while the process ends. Removing what is not there is no error.
 */
export function removeLab(labId: string): void {
  const names = namespacesOfLab(labId);
  killAllIn(names);
  for (const name of names) {
    spawnSync('ip', ['netns', 'del', name], { timeout: 10_000, stdio: 'ignore', env: PATHS });
    // What is left is no mount any more, or never was one: `ip netns add` had been killed in the middle.
    rmSync(join(NAMESPACES, name), { force: true });
  }
  rmSync(join(LAB_FOLDERS, labId), { recursive: true, force: true });
  running.delete(labId);
  if (running.size > 0) return;
  process.off('exit', removeAll);
  for (const signal of SIGNALS) process.off(signal, leave);
}

/** Takes down what killed runs have left behind; labs whose owner lives are left alone. Returns the labs removed. */
export function removeLeftovers(): string[] {
  const found = new Set([...list(NAMESPACES), ...list(LAB_FOLDERS)].map(labIdOf));
  const dead = [...found].filter((labId) => labId !== undefined && isOurs(labId) && !ownerIsAlive(labId)) as string[];
  dead.forEach(removeLab);
  return dead;
}

/** The namespaces of a lab that exist on this machine. */
export function namespacesOfLab(labId: string): string[] {
  return list(NAMESPACES).filter((name) => name !== labId && labIdOf(name) === labId);
}

/** The processes that run in any of these namespaces. */
export function processesIn(names: readonly string[]): number[] {
  const wanted = new Set(names.map(identityOf).filter((identity) => identity !== undefined));
  if (wanted.size === 0) return [];
  return list('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => wanted.has(namespaceOfProcess(pid) ?? ''));
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const PATHS = { ...process.env, PATH: `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin` };

function removeAll(): void {
  killChildren();
  [...running].forEach(removeLab);
}

function leave(signal: NodeJS.Signals): void {
  removeAll();
  process.exit({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal as (typeof SIGNALS)[number]]);
}

/** A process may start another one while we look, so look again until there is none; 5 s are more than enough. */
function killAllIn(names: readonly string[]): void {
  for (let round = 0; round < 250; round += 1) {
    const pids = processesIn(names);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    pause(20);
  }
}

function identityOf(name: string): string | undefined {
  try {
    return `net:[${String(statSync(join(NAMESPACES, name)).ino)}]`;
  } catch {
    return undefined;
  }
}

/** `net:[4026531840]`; absent for a process that has ended, even if its parent has not noticed. */
function namespaceOfProcess(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${String(pid)}/ns/net`);
  } catch {
    return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
