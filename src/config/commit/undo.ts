import { Failure } from '../../model/failure.js';
import type { ProcessStatus } from '../../model/process.js';
import type { SourceOptions } from '../../sources/options.js';
import type { StorePaths } from '../store/folders.js';
import { askingOf, restarted, runningDaemon, stop } from '../../actions/daemon/restart.js';
import type { DaemonFile } from '../../actions/daemon/daemon-file.js';
import { endJournal, type Journal, putBack } from './journal.js';

/** Puts the old configuration back, for the daemon too. The answer is the failure that says what has become of it. */
export async function undone(
  error: unknown,
  journal: Journal,
  daemon: DaemonFile,
  old: ProcessStatus | undefined,
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
    endJournal(paths);
    return told(
      `The old configuration is back, and conntrackd runs with it as process ${pid}. The candidate is as it was.`,
    );
  } catch (again) {
    if (!(again instanceof Failure)) return again;
    return told(
      `The old file is back at ${journal.file}, but conntrackd does not run with it either: ${again.message}`,
    );
  }
}
