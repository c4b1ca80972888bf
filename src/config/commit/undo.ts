import { Failure } from '../../model/failure.js';
import type { ProcessStatus } from '../../model/process.js';
import type { SourceOptions } from '../../sources/options.js';
import type { StorePaths } from '../store/folders.js';
import { askingOf, restarted, runningDaemon, stop } from '../../actions/daemon/restart.js';
import type { DaemonFile } from '../../actions/daemon/daemon-file.js';
import type { Filled } from './filled.js';
import { endJournal, type Journal, putBack } from './journal.js';

/** A commit that has failed. */
export interface FailedCommit {
  journal: Journal;
  daemon: DaemonFile;
  /** The daemon that ran before it. */
  old: ProcessStatus | undefined;
  /** Fills the caches of the one that runs with the old file again: they are empty. */
  fill: () => Promise<Filled>;
}

/** Puts the old configuration back, for the daemon too. The answer is the failure that says what has become of it. */
export async function undone(
  error: unknown,
  { journal, daemon, old, fill }: FailedCommit,
  paths: StorePaths,
  options: SourceOptions,
): Promise<unknown> {
  if (!(error instanceof Failure)) return error;
  putBack(journal, paths);
  const told = (next: string) =>
    new Failure('COMMIT_FAILED', error.message, {
      ...(error.toolSays ? { toolSays: error.toolSays } : {}),
      next,
      cause: error,
    });
  try {
    const left = await runningDaemon(daemon.path, askingOf(daemon.path, options)).catch(() => undefined);
    if (old === undefined) {
      if (left !== undefined) await stop(left, options);
      endJournal(paths);
      return told('The old configuration is back; as before, no conntrackd runs. The candidate is as it was.');
    }
    const { pid } = await restarted(daemon, left, options);
    const filling = await fillingOf(fill);
    endJournal(paths);
    return told(
      `The old configuration is back, and conntrackd runs with it as process ${pid}. ${filling} The candidate is as it was.`,
    );
  } catch (again) {
    if (!(again instanceof Failure)) return again;
    return told(
      `The old file is back at ${journal.file}, but conntrackd does not run with it either: ${again.message}`,
    );
  }
}

/** What was asked for the caches of the daemon that runs with the old file again, in sentences. */
async function fillingOf(fill: () => Promise<Filled>): Promise<string> {
  try {
    const { step, notes } = await fill();
    const sentence = step === undefined ? [] : [`ctsync ${step}.`];
    return [...sentence, ...notes].join(' ');
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `Its caches are empty, and were not filled: ${error.message}`;
  }
}
