import { DAEMON_PAGES, type DaemonPageName, type SyncStatistics } from '../model/daemon-pages.js';
import type { StatisticsRates } from '../model/daemon-rates.js';
import { cacheBlocks } from './daemon-pages/cache.js';
import { linkBlocks } from './daemon-pages/link.js';
import { processBlocks, resendQueueBlocks } from './daemon-pages/lists.js';
import { networkBlocks } from './daemon-pages/network.js';
import { queueBlocks } from './daemon-pages/queue.js';
import { type Block, layOut, plain } from './daemon-pages/rows.js';
import { runtimeBlocks } from './daemon-pages/runtime.js';
import { tableBlocks } from './daemon-pages/table.js';

/** What surrounds conntrackd's pages. */
export interface StatisticsView {
  /** Whether all pages were asked for: each then has its title, and what is missing is named. */
  all?: boolean | undefined;
  interval?: { seconds: number } | undefined;
  /** With these every figure has a line of its own. */
  rates?: StatisticsRates | undefined;
}

const TITLES: Record<DaemonPageName, string> = {
  main: 'Main Table Statistics',
  expect: 'Expect Table Statistics',
  network: 'Network Statistics',
  cache: 'Cache Statistics',
  runtime: 'Runtime Statistics',
  link: 'Link Statistics',
  queue: 'Queue Statistics',
  rsqueue: 'Resend Queue',
  process: 'Child Processes',
};

/**
 * conntrackd's pages in its own words and columns, with its tabs as spaces. Lines that ctsync does not know stand at the
 * end of their page.
 *
 * @returns The pages with a line end after the last line.
 */
export function renderStatisticsPage(
  statistics: SyncStatistics,
  { all = false, interval, rates }: StatisticsView = {},
): string {
  const pages = DAEMON_PAGES.flatMap((page) => {
    const blocks = blocksOf(page, statistics, rates ?? {}, all);
    return blocks.length === 0 ? [] : [layOut([...titleOf(page, all), ...blocks], rates !== undefined)];
  });
  const measured = rates !== undefined && Object.keys(rates).length > 0;
  const apart =
    interval && measured ? [`Per second, between two readings that are ${interval.seconds} s apart.\n`] : [];
  return [...apart, ...pages].join('\n');
}

/** The two tables always have a title: they look alike. */
function titleOf(page: DaemonPageName, all: boolean): Block[] {
  return all || page === 'main' || page === 'expect' ? [{ title: `${TITLES[page]}:`, rows: [] }] : [];
}

/** Empty where there is nothing to be said of the page. */
function blocksOf(page: DaemonPageName, statistics: SyncStatistics, rates: StatisticsRates, all: boolean): Block[] {
  const { empty = {} } = statistics;
  const reason = page in empty ? empty[page as keyof typeof empty] : undefined;
  if (reason !== undefined) return [{ rows: [plain(`empty: ${reason}`)] }];
  const blocks = BLOCKS[page](statistics, rates);
  return blocks.length === 0 && all ? [{ rows: [plain('not available')] }] : blocks;
}

type Blocks = (pages: SyncStatistics, rates: StatisticsRates) => Block[];

const BLOCKS: Record<DaemonPageName, Blocks> = {
  main: ({ main }, rates) => (main ? tableBlocks(main, rates.main) : []),
  expect: ({ expect }, rates) => (expect ? tableBlocks(expect, rates.expect) : []),
  network: ({ network }, rates) => (network ? networkBlocks(network, rates.network) : []),
  cache: ({ cache }, rates) => (cache ? cacheBlocks(cache, rates.cache) : []),
  runtime: ({ runtime }, rates) => (runtime ? runtimeBlocks(runtime, rates.runtime) : []),
  link: ({ link }, rates) => (link ? linkBlocks(link, rates.link) : []),
  queue: ({ queue }, rates) => (queue ? queueBlocks(queue, rates.queue) : []),
  rsqueue: ({ rsqueue }) => (rsqueue ? resendQueueBlocks(rsqueue) : []),
  process: ({ process }) => (process ? processBlocks(process) : []),
};
