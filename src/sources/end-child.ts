import { setTimeout as pause } from 'node:timers/promises';
import type { ToolCommand } from './tool.js';

/** How long sudo may take to pass a signal on. */
const RELAY_MS = 300;
/** How long the kernel may take to end a process; one that hangs in a driver is not waited for. */
const KILL_MS = 1000;

/** What is asked of a child process to end it. */
interface Child {
  readonly pid?: number | undefined;
  readonly exitCode: number | null;
  readonly signalCode: string | null;
  readonly stdout: { destroy(): unknown };
  readonly stderr: { destroy(): unknown };
  kill(signal: 'SIGTERM' | 'SIGCONT' | 'SIGKILL'): boolean;
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * Ends a child where it has not ended by itself, and settles when it has. A stopped tool would keep a gentler signal than
 * SIGKILL for later, and what only reads has nothing to tidy up. But sudo can't pass on SIGKILL: the tool behind it, which
 * is root's, would go on without it.
 */
export async function endChild(child: Child, command: ToolCommand): Promise<void> {
  child.stdout.destroy();
  child.stderr.destroy();
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('exit', resolve));
  if (command.tool === 'sudo') {
    child.kill('SIGTERM');
    // Where the tool is stopped, sudo has stopped as well.
    child.kill('SIGCONT');
    await Promise.race([ended, pause(RELAY_MS, undefined, { ref: false })]);
    if (hasEnded(child)) return;
  }
  child.kill('SIGKILL');
  await Promise.race([ended, pause(KILL_MS, undefined, { ref: false })]);
}

function hasEnded({ pid, exitCode, signalCode }: Child): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}
