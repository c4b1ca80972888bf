import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';

/** The text of a file under /proc, or undefined where the process has ended or is not ours to look at. */
export async function readProc(path: string): Promise<string | undefined> {
  return readFile(`/proc/${path}`, 'latin1').catch(() => undefined);
}

/**
 * `/proc/PID/stat` of every process that can be seen. Read at once, since the kernel has it in memory and waits for nobody to
 * tell it: hundreds of promises would take a hundred times as long.
 */
export function processStats(): { pid: number; stat: string }[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = textOf(`/proc/${name}/stat`);
      return stat === undefined ? [] : [{ pid: Number(name), stat }];
    });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined where the process has ended, or is not ours to look at. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** The ids of the sockets that a process holds; undefined where it is not ours to look at. */
export async function socketInodes(pid: number): Promise<number[] | undefined> {
  return (await openFiles(pid))?.flatMap((target) => {
    const socket = /^socket:\[(\d+)\]$/.exec(target);
    return socket ? [Number(socket[1])] : [];
  });
}

/**
 * What a process has open, as the kernel names it: the path that a file has now, with ` (deleted)` behind one that has none
 * any more. Undefined where it is not ours to look at; a process that has ended has nothing open.
 */
export async function openFiles(pid: number): Promise<string[] | undefined> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(({ code }: NodeJS.ErrnoException) =>
    code === 'EACCES' || code === 'EPERM' ? undefined : [],
  );
  return descriptors && Promise.all(descriptors.map((fd) => readlink(`${folder}/${fd}`).catch(() => '')));
}

/** Whether a process is in our network namespace; true also where that can't be seen. */
export async function inOurNetwork(pid: number): Promise<boolean> {
  const [ours, theirs] = await Promise.all(
    ['self', pid].map((process) => readlink(`/proc/${process}/ns/net`).catch(() => undefined)),
  );
  return ours === undefined || theirs === undefined || ours === theirs;
}
