import type { CacheDetails } from '../model/daemon-pages.js';
import type { NodeObservation, NodeSample } from '../model/node-observation.js';
import { isChangedSinceStart } from './health/daemon.js';
import { internalCache } from './health/internal-cache.js';

/** What tells whether the internal cache can be compared with the kernel's table. */
export type Comparable = Pick<NodeObservation, 'conf' | 'confChanged' | 'runningSince' | 'roles'> & {
  now: NodeSample;
};

/** Whether there is anything to compare: an internal cache, on a node that is master or may be. */
export function isToBeCompared({ now, roles }: Comparable): boolean {
  if (internalCache(now)?.kind !== 'cache') return false;
  return roles === undefined || roles.some(({ role }) => role === 'master');
}

/** Why it can't be told which flows the internal cache should hold, half a sentence; undefined where it can. */
export function whyNotComparable(node: Comparable): string | undefined {
  const { conf, now } = node;
  if (conf === undefined) return 'the filter of conntrackd is not known without its configuration';
  if (isChangedSinceStart(node)) return 'the configuration may not be the one that conntrackd runs with';
  if (conf.general.filter?.from === 'kernelspace')
    return 'with Filter From Kernelspace conntrackd lets other flows in by events than by a resync';
  if (conf.general.poll_seconds) return 'with PollSecs the cache is behind the table';
  if (isInjected(now.pages.cache?.caches)) return "with DisableExternalCache the table holds the peer's flows as well";
  return undefined;
}

function isInjected(caches: readonly CacheDetails[] = []): boolean {
  return caches.some(({ kind }) => kind === 'inject');
}
