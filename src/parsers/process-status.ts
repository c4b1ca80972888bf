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
 * How long the machine has been up, from `/proc/uptime`: seconds, to a hundredth. (`btime` of `/proc/stat` is cut to whole
 * seconds.)
 *
 * @throws Failure `BAD_ANSWER` where the text is none
 */
export function parseUptime(text: string): number {
  const seconds = /^(\d+\.\d\d) /.exec(text)?.[1];
  if (seconds === undefined) throw badAnswer('/proc/uptime');
  return Number(seconds);
}

/**
 * When a process was started. The kernel counts from the start of the machine, so the answer moves with the clock.
 *
 * @param bootTime seconds since 1970: now, less the uptime
 * @param ticksPerSecond `getconf CLK_TCK`, 100 on every architecture of Linux that is in use
 * @throws Failure `BAD_ANSWER` where the numbers are no time
 */
export function startTime(status: ProcessStatus, bootTime: number, ticksPerSecond = 100): Date {
  const time = new Date((bootTime + status.start_ticks / ticksPerSecond) * 1000);
  if (Number.isNaN(time.getTime())) throw badAnswer('/proc/PID/stat');
  return time;
}

/**
 * The version in the first line of `conntrackd -v` or `conntrack -V`: `1.4.7`. Undefined where there is none.
 */
export function parseToolVersion(text: string): string | undefined {
  return /^(?:Connection tracking userspace daemon|conntrack) v(\d[\w.+~-]*?)(?:\.? |\.?\r?$)/m.exec(text)?.[1];
}

const SOCKET =
  /^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} (?<flags>[0-9A-F]{8}) [0-9A-F]{4} [0-9A-F]{2} +(?<inode>\d+)(?: (?<path>.*))?$/;
const ACCEPTS_CONNECTIONS = 0x10000;

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
    const { flags, inode, path } = SOCKET.exec(line)?.groups ?? {};
    if (flags === undefined || inode === undefined) return [];
    const listening = (Number.parseInt(flags, 16) & ACCEPTS_CONNECTIONS) !== 0;
    return [{ inode: Number(inode), ...(path ? { path } : {}), listening }];
  });
}

function badAnswer(file: string): Failure {
  return new Failure('BAD_ANSWER', `What ${file} says can't be understood.`, {
    next: `Look at ${file}: ctsync reads the /proc of Linux.`,
  });
}
