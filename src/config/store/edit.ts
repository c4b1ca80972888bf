import { whileLocked } from '../../actions/daemon/lock.js';
import { Failure } from '../../model/failure.js';
import { HERE } from '../../sources/here.js';
import { type Candidate, candidateOf, writeCandidate } from './candidate.js';
import { makeFolders, type StorePaths } from './folders.js';

/**
 * Does work that changes what is kept, alone and as root.
 *
 * @throws Failure PERMISSION_DENIED where nothing was touched, CONFIG_LOCKED
 */
export async function whileChanging<T>(paths: StorePaths, abort: AbortSignal, work: () => Promise<T> | T): Promise<T> {
  if (!HERE.isRoot) {
    throw new Failure('PERMISSION_DENIED', `Only root may change the configuration, not ${HERE.userName}.`, {
      next: 'Run ctsync as root. Nothing was touched.',
    });
  }
  makeFolders(paths);
  return whileLocked(paths.lock, abort, work);
}

/** As {@link whileChanging}; where nothing is to be touched, anybody may, and nobody is kept from anything. */
export async function whileCommitting<T>(
  dryRun: boolean,
  paths: StorePaths,
  abort: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  return dryRun ? work() : whileChanging(paths, abort, work);
}

/** Changes the candidate, which is begun with what was committed where there is none yet. The answer is the new one. */
export function editCandidate(
  paths: StorePaths,
  abort: AbortSignal,
  change: (candidate: Candidate) => Candidate,
): Promise<Candidate> {
  return whileChanging(paths, abort, () => {
    const changed = change(candidateOf(paths));
    writeCandidate(paths, changed);
    return changed;
  });
}
