import { parseCachePage } from '../../parsers/cache-page.js';
import { parseLinks } from '../../parsers/links.js';
import { parseNetworkPage } from '../../parsers/network-page.js';
import { parseProcessPage } from '../../parsers/process-page.js';
import { parseQueuePage } from '../../parsers/queue-page.js';
import { parseRuntimePage } from '../../parsers/runtime.js';
import { parseTableStatistics } from '../../parsers/statistics.js';
import { configurationOf, linksAround, type Surroundings } from '../status/links-around.js';
import type { MetricSet } from './metric-set.js';
import {
  cacheFailureMetrics,
  cacheMetrics,
  linkMetrics,
  networkMetrics,
  processMetrics,
  queueMetrics,
  runtimeMetrics,
} from './of-daemon.js';

/**
 * conntrackd's pages that have metrics, each a collector of its own, in the order in which they are asked for: the one that
 * every daemon has comes first. `-s` has nothing that `-s cache` and the others have not, and `-s rsqueue` lists every
 * message to say how many they are.
 */
export const PAGES = ['runtime', 'cache', 'network', 'link', 'queue', 'process', 'expect'] as const;

export type MetricPage = (typeof PAGES)[number];

/**
 * The metrics of a page.
 *
 * @param text decoded as latin1
 * @throws Failure BAD_ANSWER where it is no such page, or not whole
 */
export function pageMetrics(page: MetricPage, text: string, around: Surroundings, metrics: MetricSet): void {
  if (text === '' && isEmptyByDesign(page, around)) return;
  switch (page) {
    case 'runtime':
      return runtimeMetrics(parseRuntimePage(text), metrics);
    case 'cache':
      return ofCaches(text, metrics);
    case 'network':
      return networkMetrics(parseNetworkPage(text), metrics);
    case 'link':
      return linkMetrics(linksAround(parseLinks(text).links, around), metrics);
    case 'queue':
      return queueMetrics(parseQueuePage(text).queues, metrics);
    case 'process':
      return processMetrics(parseProcessPage(text), metrics);
    case 'expect':
      return cacheMetrics(parseTableStatistics(text, '-s expect').caches, 'expect', metrics);
  }
}

/** Without a Sync section there is no peer, no link and no queue; expectations are synchronised only where that is wanted. */
function isEmptyByDesign(page: MetricPage, around: Surroundings): boolean {
  if (page === 'expect') return true;
  if (page !== 'network' && page !== 'link' && page !== 'queue') return false;
  const conf = configurationOf(around);
  return conf !== undefined && !conf.sync;
}

function ofCaches(text: string, metrics: MetricSet): void {
  const { caches } = parseCachePage(text);
  cacheMetrics(caches, 'conntrack', metrics);
  cacheFailureMetrics(caches, metrics);
}
