import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../model/failure.js';
import { startTool } from './process.js';
import { ENDLESS_MS } from './queries.js';
import type { ToolCommand } from './tool.js';

/** What flock ends with where somebody else has the lock. */
const TAKEN = 1;

/**
 * Takes a lock as flock(1) does, without waiting, and holds it until it is let go, or until this process ends, whatever ends
 * it.
 *
 * @returns what lets it go; undefined where somebody else has it
 * @throws Failure TOOL_MISSING, TOOL_FAILED
 */
export async function holdLock(path: string): Promise<(() => Promise<void>) | undefined> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const running = startTool(holding(path));
  const chunks = running.chunks[Symbol.asyncIterator]();
  const { done } = await chunks.next();
  if (!done) return async () => void (await chunks.return?.());
  const { exitCode, spawnError, stderr } = await running.outcome();
  if (exitCode === TAKEN) return undefined;
  const missing = spawnError === 'ENOENT';
  throw new Failure(missing ? 'TOOL_MISSING' : 'TOOL_FAILED', `The lock ${path} can not be taken.`, {
    ...(stderr.trim() ? { toolSays: stderr.trim() } : {}),
    next: missing ? 'Install flock, of the package util-linux.' : 'Look at the folder that it stands in.',
  });
}

/** It has no child that could keep the lock when it is ended itself. */
function holding(path: string): ToolCommand {
  const args = ['--nonblock', '--no-fork', path, 'sh', '-c', 'echo held; exec cat'];
  return { tool: 'flock', args, silenceMs: ENDLESS_MS, holdsStdin: true, apart: true };
}
