import type { CacheDetails } from '../model/daemon-pages.js';
import type { CacheRates } from '../model/daemon-rates.js';
import type { CacheStatistics } from '../model/statistics.js';
import type { Meter } from './meter.js';

/** The rates of the caches of a page that are there in both readings. */
export function cacheRates<Cache extends CacheStatistics | CacheDetails>(
  meter: Meter,
  page: string,
  before: readonly Cache[],
  now: readonly Cache[],
): CacheRates[] {
  return now.flatMap((later) => {
    const earlier = before.find(({ name, kind }) => name === later.name && kind === later.kind);
    if (earlier === undefined) return [];
    const rates = (operation: 'created' | 'updated' | 'destroyed') =>
      meter.rates(`${page}, ${later.name} ${operation}`, 32, earlier[operation], later[operation]);
    return [{ name: later.name, created: rates('created'), updated: rates('updated'), destroyed: rates('destroyed') }];
  });
}
