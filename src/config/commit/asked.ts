import { daemonFile } from '../../actions/daemon/daemon-file.js';
import { whileNoHook } from '../../actions/while-no-hook.js';
import type { CommitReport } from '../../model/configuration.js';
import type { SourceOptions } from '../../sources/options.js';
import { whileCommitting } from '../store/edit.js';
import { storePaths } from '../store/folders.js';
import { commit, type CommitQuestion, rollBack } from './commit.js';

/** What an operator says of a commit, or of a rollback, which is one of what there was before. */
export interface AskedCommit extends Omit<CommitQuestion, 'daemon'> {
  what: 'commit' | 'rollback';
  /** The daemon's configuration file, where it was named. */
  daemonConfig: string | undefined;
}

/**
 * Carries it out: alone, beside no failover hook, and on the files of this node.
 *
 * @throws Failure as {@link commit} and {@link rollBack}; PERMISSION_DENIED, CONFIG_LOCKED, ACTION_REFUSED
 */
export async function carryOut(
  { what, daemonConfig, ...asked }: AskedCommit,
  options: SourceOptions,
): Promise<CommitReport> {
  const paths = storePaths();
  const question = { ...asked, daemon: await daemonFile(daemonConfig, options) };
  const work = what === 'commit' ? commit : rollBack;
  const carried = () => work(question, paths, options);
  return whileCommitting(asked.dryRun, paths, options.abort, () =>
    asked.dryRun ? carried() : whileNoHook(what, carried),
  );
}
