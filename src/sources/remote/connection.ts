import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { exists } from '../files.js';
import { pause } from '../pause.js';
import { askTool, startTool } from '../process.js';
import type { ToolOutcome } from '../tool.js';
import type { Ssh } from './ssh.js';

/** Longer than ssh itself takes to connect, to a host behind others. */
const CONNECT_MS = 30_000;
const LOOK_MS = 10;

/**
 * Connects once for all that is asked: each connection of its own would take as long as the questions. Where the user's
 * configuration shares connections already, that is what happens. It ends when we do.
 *
 * @throws Failure HOST_UNREACHABLE, INTERRUPTED
 */
export async function connect(ssh: Ssh, abort: AbortSignal): Promise<void> {
  if (await sharesAlready(ssh, abort)) return;
  const folder = mkdtempSync(join(tmpdir(), 'ctsync-ssh-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const socket = join(folder, 's');
  const master = startTool(ssh.master(socket), abort);
  let ended: ToolOutcome | undefined;
  void (async () => {
    for await (const _ of master.chunks);
    return master.outcome();
  })().then(
    (outcome) => (ended = outcome),
    (error: unknown) => (ended = { stderr: error instanceof Error ? error.message : '' }),
  );
  for (let waited = 0; !(await exists(socket)); waited += LOOK_MS) {
    if (ended !== undefined || waited > CONNECT_MS) throw ssh.unreachable(ended?.stderr ?? 'timed out');
    await pause(LOOK_MS, abort).catch(() => {
      throw Failure.interrupted();
    });
  }
  ssh.share(socket);
}

async function sharesAlready(ssh: Ssh, abort: AbortSignal): Promise<boolean> {
  const { stdout, exitCode, stderr, spawnError } = await askTool(ssh.configuration(), abort);
  if (spawnError !== undefined) return false;
  if (exitCode !== 0) throw ssh.unreachable(stderr);
  return /^controlpath (?!none$)/m.test(stdout.toString('utf8'));
}
