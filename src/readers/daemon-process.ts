import { Failure } from '../model/failure.js';
import type { ProcessStatus } from '../model/process.js';
import { parseBootTime, parseProcessStat, parseUnixSockets, startTime } from '../parsers/process-status.js';
import type { Place } from '../sources/place.js';
import { readProc, socketInodes } from './proc.js';

/** The program's name as the kernel keeps it; its client is called the same. */
const PROGRAM = 'conntrackd';
/** Options that make conntrackd a client: all but those of the daemon, `-d` and `-C` (formats.md §8). */
const CLIENT_OPTION = /^-[^dC]/;

/** All processes of the daemon in the network namespace that is asked. */
export async function daemonProcesses(place: Place): Promise<ProcessStatus[]> {
  const found: ProcessStatus[] = [];
  for (const { pid, stat } of await place.processStats(PROGRAM)) {
    const status = statusOf(stat);
    if (status?.name !== PROGRAM || isDead(status)) continue;
    if ((await isDaemon(pid, place)) && (await inOurNetwork(pid, place))) found.push(status);
  }
  return found;
}

/** A dead process stays visible until its parent has taken note, which in a container may be never (proc(5)). */
function isDead({ state }: ProcessStatus): boolean {
  return state === 'Z' || state === 'X';
}

/**
 * Others ask conntrackd at the same time: a monitoring system, the failover hook, the operator in another window. A process
 * that is just ending has no command line any more.
 */
async function isDaemon(pid: number, place: Place): Promise<boolean> {
  const [program, ...args] = ((await readProc(`${pid}/cmdline`, place)) ?? '').split('\0');
  return program !== '' && !args.some((arg) => CLIENT_OPTION.test(arg));
}

/** Whether a process is in the network namespace that is asked; true also where that can't be seen. */
async function inOurNetwork(pid: number, place: Place): Promise<boolean> {
  const [ours, theirs] = await Promise.all(['self', pid].map((one) => place.targetOf(`/proc/${one}/ns/net`)));
  return ours === undefined || theirs === undefined || ours === theirs;
}

/** The process that listens on the control socket, and when it was started. */
export interface DaemonProcess {
  pid: number;
  since: Date;
}

/**
 * The process that owns conntrackd's control socket.
 *
 * @throws Failure PERMISSION_DENIED where the processes of others can't be looked into, DAEMON_UNREACHABLE where no
 *   process has the socket
 */
export async function daemonProcess(socketPath: string, place: Place): Promise<DaemonProcess> {
  const owner = await socketOwner(socketPath, place);
  if (owner === 'unseen') {
    throw new Failure('PERMISSION_DENIED', 'The process that owns the control socket can be seen by root alone.');
  }
  if (owner === undefined) {
    throw new Failure('DAEMON_UNREACHABLE', `No conntrackd of this network namespace listens on ${socketPath}.`);
  }
  return { pid: owner.pid, since: await startOf(owner, place) };
}

/**
 * The process that listens on conntrackd's control socket; `unseen` where the processes of others can't be looked into. A
 * child that the daemon forks for a dump inherits the socket: the oldest is the daemon.
 */
export async function socketOwner(socketPath: string, place: Place): Promise<ProcessStatus | 'unseen' | undefined> {
  const inodes = await listeningInodes(socketPath, place);
  const still = await holding(foundOwners.get(socketPath), inodes, place);
  if (still !== undefined) return still;
  const holders: ProcessStatus[] = [];
  let closed = false;
  for (const status of await daemonProcesses(place)) {
    const held = await socketInodes(status.pid, place);
    closed ||= held === undefined;
    if (held?.some((inode) => inodes.has(inode))) holders.push(status);
  }
  const [oldest] = holders.sort((a, b) => a.start_ticks - b.start_ticks || a.pid - b.pid);
  if (oldest !== undefined) foundOwners.set(socketPath, oldest);
  return oldest ?? (closed ? 'unseen' : undefined);
}

const foundOwners = new Map<string, ProcessStatus>();

/** The owner that was found before, as it is now, while it still is: nobody older holds it, and all others need not be read. */
async function holding(
  found: ProcessStatus | undefined,
  inodes: ReadonlySet<number>,
  place: Place,
): Promise<ProcessStatus | undefined> {
  if (found === undefined) return undefined;
  const status = statusOf((await readProc(`${found.pid}/stat`, place)) ?? '');
  if (status?.start_ticks !== found.start_ticks || isDead(status)) return undefined;
  const held = await socketInodes(status.pid, place);
  return held?.some((inode) => inodes.has(inode)) ? status : undefined;
}

async function listeningInodes(path: string, place: Place): Promise<Set<number>> {
  const page = await readProc('net/unix', place);
  if (page === undefined && place.recorded) {
    throw new Failure('NOT_IN_BUNDLE', `${place.name} does not say which process has conntrackd's control socket.`);
  }
  const sockets = parseUnixSockets(page ?? '');
  return new Set(sockets.filter((socket) => socket.listening && socket.path === path).map((socket) => socket.inode));
}

async function startOf(status: ProcessStatus, place: Place): Promise<Date> {
  return startTime(status, parseBootTime((await readProc('stat', place)) ?? ''));
}

function statusOf(stat: string): ProcessStatus | undefined {
  try {
    return parseProcessStat(stat);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
