import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

// All of it is read at once, since the kernel has it in memory and waits for nobody to tell it: promises of files would take a
// hundred times as long.

/** The text of a file under /proc, or undefined where the process has ended or is not ours to look at. */
export function readProc(path: string): Promise<string | undefined> {
  return Promise.resolve(textOf(`/proc/${path}`));
}

/** `/proc/PID/stat` of every process that can be seen. */
export function processStats(): { pid: number; stat: string }[] {
  return (namesIn('/proc') ?? [])
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = textOf(`/proc/${name}/stat`);
      return stat === undefined ? [] : [{ pid: Number(name), stat }];
    });
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
export function openFiles(pid: number): Promise<string[] | undefined> {
  const folder = `/proc/${pid}/fd`;
  return Promise.resolve(namesIn(folder)?.map((fd) => targetOf(`${folder}/${fd}`) ?? ''));
}

/** Whether a process is in our network namespace; true also where that can't be seen. */
export function inOurNetwork(pid: number): Promise<boolean> {
  const [ours, theirs] = ['self', pid].map((process) => targetOf(`/proc/${process}/ns/net`));
  return Promise.resolve(ours === undefined || theirs === undefined || ours === theirs);
}

/** In UTF-8, which Node.js reads in one call; any other way takes 128 KiB of memory a file. */
function textOf(path: string): string | undefined {
  return attempt(() => readFileSync(path, 'utf8'));
}

function targetOf(path: string): string | undefined {
  return attempt(() => readlinkSync(path));
}

/** Undefined where the folder is not ours to look into; empty where there is none. */
function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? undefined : [];
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
