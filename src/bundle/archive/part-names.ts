import { lstatSync, readdirSync, readlinkSync, rmSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { parseProcessStat } from '../../parsers/process-status.js';
import { crc32 } from '../../sources/checksum.js';
import { now } from '../../sources/clock.js';
import { readProc } from '../../sources/processes.js';

/** Process, its start, where such numbers mean this process, and a part of no meaning. */
const NAME = /^\.ctsync-(\d+)-(\d+)-([0-9a-f]+)-[0-9a-z]+\.part$/;
/** Where the process can't be looked for: nothing takes that long. */
const ABANDONED_MS = 24 * 60 * 60 * 1000;

/**
 * A name for a file that is not yet whole, which tells the process that writes it: should that be killed, the next one knows
 * that nobody else will remove it.
 */
export async function partName(): Promise<string> {
  const random = Math.random().toString(36).slice(2);
  return `.ctsync-${process.pid}-${(await startOf(process.pid)) ?? 0}-${await world()}-${random}.part`;
}

/** Removes what killed runs of ours have left in a folder. What can't be removed stays: it is only in the way. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of namesIn(folder)) {
    const [, pid, start, where] = NAME.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(folder, name);
    const found = lookedAt(path);
    if (!found?.isFile() || found.uid !== process.geteuid?.()) continue;
    const gone = where === (await world()) ? (await startOf(Number(pid))) !== Number(start) : isOld(found);
    if (gone) remove(path);
  }
}

/** In ticks since the machine was started; undefined where there is no such process, or only what is left of one. */
async function startOf(pid: number): Promise<number | undefined> {
  const text = await readProc(`${pid}/stat`);
  if (text === undefined) return undefined;
  const { state, start_ticks } = parseProcessStat(text);
  return state === 'Z' || state === 'X' ? undefined : start_ticks;
}

/** In another container, on another host that shares the folder, and before the last start, numbers mean other processes. */
async function world(): Promise<string> {
  const boot = await readProc('sys/kernel/random/boot_id');
  return crc32(`${boot} ${readlinkSync('/proc/self/ns/pid')}`).toString(16);
}

function isOld(found: Stats): boolean {
  return now().getTime() - found.mtimeMs > ABANDONED_MS;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function lookedAt(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    return;
  }
}
