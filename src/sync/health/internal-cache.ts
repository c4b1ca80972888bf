import type { CacheDetails } from '../../model/daemon-pages.js';
import type { NodeSample } from '../../model/node-observation.js';

/** conntrackd's internal cache in a sample; undefined in statistics mode and where the page was not read. */
export function internalCache({ pages }: NodeSample): CacheDetails | undefined {
  return pages.cache?.caches.find(({ name }) => name === 'internal');
}
