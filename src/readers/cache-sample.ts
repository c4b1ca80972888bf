import type { CacheName } from '../model/dump.js';
import type { CacheStatistics } from '../model/statistics.js';
import { parseWholeRuntime } from '../parsers/runtime.js';
import { parseTableStatistics } from '../parsers/statistics.js';
import type { SourceOptions } from '../sources/options.js';
import { daemonPage, generalStatistics, runtimeStatistics } from '../sources/queries.js';
import type { CacheSample } from './cache-verdict.js';
import { askDaemon } from './daemon.js';

/** conntrackd's counters of a cache of flows, now. */
export async function sampleFlows(name: CacheName, options: SourceOptions): Promise<CacheSample> {
  const { caches } = parseTableStatistics(await askDaemon(generalStatistics(options.query), options));
  return sample(name, caches, options);
}

/** conntrackd's counters of a cache of expectations, now; without a cache where expectations are not synchronised. */
export async function sampleExpectations(name: CacheName, options: SourceOptions): Promise<CacheSample> {
  const page = await askDaemon(daemonPage('expect', options.query), options);
  return sample(name, page === '' ? [] : parseTableStatistics(page, '-s expect').caches, options);
}

async function sample(
  name: CacheName,
  caches: readonly CacheStatistics[],
  options: SourceOptions,
): Promise<CacheSample> {
  const runtime = parseWholeRuntime(await askDaemon(runtimeStatistics(options.query), options));
  const cache = caches.find((block) => block.name === name || (name === 'internal' && block.name === 'stats'));
  return { runtime, ...(cache ? { cache } : {}) };
}
