import { Failure } from '../../model/failure.js';
import type { Follow } from '../../model/flow-stream.js';
import type { NodeObservation } from '../../model/node-observation.js';
import type { SourceOptions } from '../../sources/options.js';
import { type Comparable, isToBeCompared, whyNotComparable } from '../../sync/comparable.js';
import { internalCache } from '../../sync/health/internal-cache.js';
import type { Waiting } from '../between-readings.js';
import { readAccepted } from './accepted-flows.js';

/** Whether the internal cache is compared with the kernel's table, which takes dumps. */
export interface Comparing {
  /** `small`: only where both are small. */
  when: 'asked' | 'small' | 'never';
  follow: Follow;
}

/** So many flows are read in a moment. */
const SMALL = 20_000;
const BY_THE_FLAG = "--compare-cache compares the internal cache with the kernel's table";

/** What came of it; a reason only where there is something to compare. */
export type Compared = Pick<NodeObservation, 'accepted'> & { reason?: string };

/**
 * Compares the internal cache with the kernel's table, where that is wanted and can be done.
 *
 * @throws Failure INTERRUPTED
 */
export async function compareCache(
  node: Comparable,
  { when, follow }: Comparing,
  waiting: Waiting,
  options: SourceOptions,
): Promise<Compared> {
  if (!isToBeCompared(node)) return {};
  const reason = whyNotComparable(node) ?? whyReadOnce(options) ?? whyNotAsked(node, when);
  if (reason !== undefined) return { reason };
  try {
    return { accepted: await readAccepted(node.conf?.general.filter, { follow, waiting }, options) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
    return { reason: error.message.replace(/\.$/, '') };
  }
}

/** How far they are apart, only counters on either side tell. */
function whyReadOnce({ place }: SourceOptions): string | undefined {
  return place.readings === 1
    ? "conntrackd's counters were read once, which tells nothing of what happened beside"
    : undefined;
}

function whyNotAsked({ now }: Comparable, when: Comparing['when']): string | undefined {
  if (when === 'asked') return undefined;
  const sizes = [now.flows, internalCache(now)?.active];
  if (when === 'small' && sizes.every((size) => (size ?? 0) <= SMALL)) return undefined;
  return when === 'never' ? BY_THE_FLAG : `there are more than ${SMALL} flows: ${BY_THE_FLAG}`;
}
