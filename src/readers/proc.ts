import type { Place } from '../sources/place.js';

/** The text of a file under /proc, or undefined where the process has ended or is not ours to look at. */
export async function readProc(path: string, place: Place): Promise<string | undefined> {
  const read = await place.readFile(`/proc/${path}`);
  return 'text' in read ? read.text : undefined;
}

/** The ids of the sockets that a process holds; undefined where it is not ours to look at. */
export async function socketInodes(pid: number, place: Place): Promise<number[] | undefined> {
  return (await openFiles(pid, place))?.flatMap((target) => {
    const socket = /^socket:\[(\d+)\]$/.exec(target);
    return socket ? [Number(socket[1])] : [];
  });
}

/**
 * What a process has open, as the kernel names it: the path that a file has now, with ` (deleted)` behind one that has none
 * any more. Undefined where it is not ours to look at; a process that has ended has nothing open.
 */
export function openFiles(pid: number, place: Place): Promise<string[] | undefined> {
  return place.targetsIn(`/proc/${pid}/fd`);
}
