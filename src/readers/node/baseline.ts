import type { CheckName } from '../../model/check.js';
import type { SignedSample } from '../../model/daemon-sign.js';
import { Failure } from '../../model/failure.js';
import { sinceBoot } from '../../sources/clock.js';
import { readSmallFile } from '../../sources/files.js';
import { whileLocked } from '../../sources/lock-file.js';
import { READABLE_FOR_US, replaceFile } from '../../sources/replaced-file.js';
import { type CheckState, isSample, keptOf, samplesOf, stateIn } from './check-state.js';

/** A sample that an earlier run has left, or why there is none. */
export interface Baseline {
  kept?: SignedSample;
  /** Half a sentence. */
  missing?: string;
}

/**
 * What the last run of a check has left in a file; a file that is damaged, or from before a restart of the machine, is as
 * good as none.
 *
 * @throws Failure OUTPUT_FAILED where the file can't be read
 */
export function readBaseline(path: string, check: CheckName): Baseline {
  const read = readSmallFile(path);
  if ('unreadable' in read) {
    if (read.unreadable.code === 'ENOENT') return FIRST_RUN;
    throw new Failure('OUTPUT_FAILED', `The state file ${path} ${read.unreadable.reason}.`, {
      next: 'Name a file of your own: --state-file FILE.',
    });
  }
  const state = stateIn(read.text);
  if (state === undefined) return damaged(path);
  if (state.boot_id !== bootId()) return { missing: 'the machine was restarted since the last run' };
  const written = state.checks[check];
  if (written === undefined) return FIRST_RUN;
  const kept = keptOf(written, check);
  if (!isSample(kept?.sample)) return damaged(path);
  return kept.sample.at <= sinceBoot() ? { kept: kept } : { missing: 'the baseline is from another machine' };
}

const FIRST_RUN: Baseline = { missing: 'this is the first run, so there is no baseline yet' };

/** A baseline that tells nothing; the next one takes its place. */
export function damaged(path: string): Baseline {
  return { missing: `the baseline in ${path} is damaged and begins anew` };
}

/**
 * Leaves a sample for the next run of the same check; those of other checks stay, also where these run at the same time.
 *
 * @throws Failure OUTPUT_FAILED, and what was there is then as it was; an AbortError
 */
export async function saveBaseline(
  path: string,
  check: CheckName,
  kept: SignedSample,
  abort: AbortSignal,
): Promise<void> {
  const boot = bootId();
  await whileLocked(path, abort, () =>
    replaceFile(path, {
      text: `${JSON.stringify(samplesOf(othersIn(path, boot), boot, check, kept))}\n`,
      mode: READABLE_FOR_US,
      what: 'The baseline was',
      instead: 'Name a file of your own: --state-file FILE.',
    }),
  );
}

/** What stands in the file by now, as far as it is worth anything to anybody. */
function othersIn(path: string, boot: string): CheckState['checks'] {
  const read = readSmallFile(path);
  const state = 'text' in read ? stateIn(read.text) : undefined;
  return state?.boot_id === boot ? state.checks : {};
}

function bootId(): string {
  const read = readSmallFile('/proc/sys/kernel/random/boot_id');
  return 'text' in read ? read.text.trim() : '';
}
