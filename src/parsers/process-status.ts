import { Failure } from '../model/failure.js';
import type { ProcessStatus, UnixSocket } from '../model/process.js';

// The name stands in parentheses and may hold blanks and parentheses itself (proc(5)); start time is field 22.
const STAT = /^(?<pid>\d+) \((?<name>.*)\) (?<state>\S)(?: -?\d+){18} (?<start>\d+)(?: |$)/s;

/**
 * Reads `/proc/PID/stat`.
 *
 * @throws Failure `BAD_ANSWER` where the text is none
 */
export function parseProcessStat(text: string): ProcessStatus {
  const { pid, name, state, start } = STAT.exec(text.trimEnd())?.groups ?? {};
  if (pid === undefined || name === undefined || state === undefined || start === undefined) {
    throw badAnswer('/proc/PID/stat');
  }
  return { pid: Number(pid), name, state, start_ticks: Number(start) };
}

/**
 * When the machine was started, from `btime` of `/proc/stat`: seconds since 1970, cut to whole ones. It is the same
 * however often it is asked; now less the uptime is not.
 *
 * @throws Failure `BAD_ANSWER` where the text has no such line
 */
export function parseBootTime(text: string): number {
  const seconds = /^btime (\d+)$/m.exec(text)?.[1];
  if (seconds === undefined) throw badAnswer('/proc/stat');
  return Number(seconds);
}

/**
 * When a process was started, cut to whole seconds: the start of the machine is not known better. The kernel counts from
 * there, so the answer moves where the clock is set.
 *
 * @param bootTime seconds since 1970, see {@link parseBootTime}
 * @param ticksPerSecond `getconf CLK_TCK`, 100 on every architecture of Linux that is in use
 * @throws Failure `BAD_ANSWER` where the numbers are no time
 */
export function startTime(status: ProcessStatus, bootTime: number, ticksPerSecond = 100): Date {
  const time = new Date((bootTime + Math.floor(status.start_ticks / ticksPerSecond)) * 1000);
  if (Number.isNaN(time.getTime())) throw badAnswer('/proc/PID/stat');
  return time;
}

/**
 * The version in the first line of `conntrackd -v`, `conntrack -V` or `keepalived -v`: `1.4.7`. Undefined where there is none.
 */
export function parseToolVersion(text: string): string | undefined {
  return /^(?:Connection tracking userspace daemon|conntrack|Keepalived) v(\d[\w.+~-]*?)(?:\.? |\.?\r?$)/m.exec(
    text,
  )?.[1];
}

const SOCKET =
  /^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} (?<flags>[0-9A-F]{8}) [0-9A-F]{4} (?<state>[0-9A-F]{2}) +(?<inode>\d+)(?: (?<path>.*))?$/;
const ACCEPTS_CONNECTIONS = 0x10000;
const CONNECTED = '03';

/**
 * Reads `/proc/net/unix`. A line that is no socket belongs to a path with a line break in it, and is left out with the
 * rest of that path.
 *
 * @throws Failure `BAD_ANSWER` where the text does not begin with the table's head
 */
export function parseUnixSockets(text: string): UnixSocket[] {
  const [head = '', ...lines] = text.split('\n');
  if (!/^Num +RefCount Protocol Flags +Type St +Inode Path$/.test(head)) throw badAnswer('/proc/net/unix');
  return lines.flatMap((line) => {
    const { flags, state, inode, path } = SOCKET.exec(line)?.groups ?? {};
    if (flags === undefined || inode === undefined) return [];
    const listening = (Number.parseInt(flags, 16) & ACCEPTS_CONNECTIONS) !== 0;
    return [{ inode: Number(inode), ...(path ? { path } : {}), listening, connected: state === CONNECTED }];
  });
}

function badAnswer(file: string): Failure {
  return new Failure('BAD_ANSWER', `What ${file} says can't be understood.`, {
    next: `Look at ${file}: ctsync reads the /proc of Linux.`,
  });
}
