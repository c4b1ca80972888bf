import type { SyncConfiguration } from '../model/sync-configuration.js';
import { changesBetween } from './statements/compare.js';
import { readCandidate, readRunning } from './store/candidate.js';
import type { StorePaths } from './store/folders.js';

/** What the candidate, or what was committed, says. */
export interface ShownConfiguration {
  configuration: SyncConfiguration;
  /** Whether it is a candidate that was not committed. */
  candidate: boolean;
}

/** The candidate where it is wanted and there is one, else what was committed. */
export function shownConfiguration(paths: StorePaths, wanted: 'running' | 'candidate'): ShownConfiguration {
  const candidate = wanted === 'candidate' ? readCandidate(paths) : undefined;
  return { configuration: (candidate ?? readRunning(paths)).configuration, candidate: candidate !== undefined };
}

/** The lines that a commit would make of what was committed; none where there is no candidate, or it says the same. */
export function candidateChanges(paths: StorePaths): string[] {
  const candidate = readCandidate(paths);
  return candidate === undefined ? [] : changesBetween(readRunning(paths).configuration, candidate.configuration);
}
