import { refill, refillFor } from '../../actions/refill.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import type { SourceOptions } from '../../sources/options.js';
import type { StorePaths } from '../store/folders.js';
import { readSurroundings } from '../surroundings.js';
import { confAsRead } from './conf-as-read.js';
import { roleOf } from './role.js';

/** The daemon whose caches its restart has emptied. */
export interface EmptiedDaemon extends Pick<SyncConfiguration, 'sync_group'> {
  /** Text of its configuration. */
  conf: string;
  keepalivedConfig: string | undefined;
}

/** What was asked of it. */
export interface Filled {
  /** Absent where a request failed. */
  step?: string;
  notes: string[];
}

/**
 * Fills the caches again, by the role of this node now. Whoever ends us still wants that.
 *
 * @param asking how the daemon is asked, by {@link askingOf}
 */
export async function filled(
  { conf, keepalivedConfig, ...group }: EmptiedDaemon,
  paths: StorePaths,
  asking: SourceOptions,
): Promise<Filled> {
  const sync = confAsRead(conf)?.sync;
  if (sync?.mode === 'alarm') return IN_ALARM_MODE;
  const now = await readSurroundings(paths, keepalivedConfig, asking);
  const direct = sync?.disable_external_cache ? { disable_external_cache: true as const } : {};
  const { requests, step, notes } = refillFor(roleOf(group, now), direct);
  const failed = await refill(requests, asking);
  return { ...(failed.length > 0 ? {} : { step }), notes: [...failed, ...notes] };
}

const IN_ALARM_MODE: Filled = {
  step: 'asked for no flows and sent none: in ALARM mode conntrackd ignores such requests, and each node sends its flows again and again',
  notes: [],
};
