import { readFileSync } from 'node:fs';

/** The labs of a run that is to leave all others alone, and is left alone by them, have another one: `cts` and a letter. */
const PREFIX = process.env['CTSYNC_LAB_PREFIX'] ?? 'ctsl';
const NAME = /^(cts[a-z]-(\d+)-(\d+)-\d+)(?:-([a-z0-9]+))?$/;

let count = 0;

/**
 * The name of a new lab: `ctsl-PID-START-N`. PID and START (the process's start time in clock ticks since boot) name the
 * owner, so that a later process can tell a lab in use from what a killed run left behind, even if the PID is in use again.
 */
export function newLabId(): string {
  const start = startOf(process.pid);
  if (start === undefined) throw new Error('the lab needs /proc');
  count += 1;
  return `${PREFIX}-${String(process.pid)}-${start}-${String(count)}`;
}

/** The lab that a namespace or folder name belongs to; absent where the name is not one of ours. */
export function labIdOf(name: string): string | undefined {
  return NAME.exec(name)?.[1];
}

/** Whether a lab is one of those that this run may take down if its owner is dead. */
export function isOurs(labId: string): boolean {
  return labId.startsWith(`${PREFIX}-`);
}

/** Whether the process that made this lab is still there. */
export function ownerIsAlive(labId: string): boolean {
  const match = NAME.exec(labId);
  const [, , pid, start] = match ?? [];
  return pid !== undefined && startOf(Number(pid)) === start;
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // proc(5): field 2 is the command name in brackets and may hold blanks; field 22 is the start time.
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
}
