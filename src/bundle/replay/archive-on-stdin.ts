import { once } from 'node:events';
import { Failure } from '../../model/failure.js';
import { cannotRead } from '../../sources/capture.js';
import { packingOf } from '../archive/sniff.js';

/**
 * Whether an archive comes through stdin, by what comes first, which is there again for whoever reads on. Waits for that.
 *
 * @throws Failure CAPTURE_UNREADABLE, INTERRUPTED
 */
export async function isArchiveOnStdin(abort: AbortSignal): Promise<boolean> {
  const { stdin } = process;
  if (stdin.isTTY) return false;
  try {
    await Promise.race(['readable', 'end'].map((event) => once(stdin, event, { signal: abort })));
  } catch (error) {
    throw abort.aborted ? Failure.interrupted() : cannotRead('stdin', error);
  }
  const start = stdin.read() as Buffer | null;
  if (start === null) return false;
  stdin.unshift(start);
  return packingOf(start) !== undefined;
}
