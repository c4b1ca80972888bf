import { DAEMON_PAGES, type DaemonPageName, type DaemonPages, type SyncStatistics } from '../../model/daemon-pages.js';
import { parseCachePage } from '../../parsers/cache-page.js';
import { parseLinks } from '../../parsers/links.js';
import { parseNetworkPage } from '../../parsers/network-page.js';
import { parseProcessPage } from '../../parsers/process-page.js';
import { parseQueuePage } from '../../parsers/queue-page.js';
import { parseResendQueue } from '../../parsers/resend-queue.js';
import { parseRuntimePage } from '../../parsers/runtime.js';
import { parseTableStatistics } from '../../parsers/statistics.js';

const PARSERS: { [P in DaemonPageName]: (text: string) => DaemonPages[P] } = {
  main: (text) => parseTableStatistics(text),
  expect: (text) => parseTableStatistics(text, '-s expect'),
  network: parseNetworkPage,
  cache: parseCachePage,
  runtime: parseRuntimePage,
  link: parseLinks,
  queue: parseQueuePage,
  rsqueue: parseResendQueue,
  process: parseProcessPage,
};

/**
 * A page under its name.
 *
 * @param text decoded as latin1
 * @throws Failure `BAD_ANSWER` where it is no such page, or not whole
 */
export function parsePage(page: DaemonPageName, text: string): Partial<DaemonPages> {
  return { [page]: PARSERS[page](text) };
}

/** What brings a page, without the configuration: `conntrackd -s link`. */
export function queryOf(page: DaemonPageName): string {
  return page === 'main' ? 'conntrackd -s' : `conntrackd -s ${page}`;
}

/** What a captured page may look like beside itself, in the words of `recognise`. */
export function looksOf(page: DaemonPageName): readonly string[] {
  // Where neither cache is kept, nothing is left on the page of the caches that the general page has not.
  return page === 'expect' || page === 'cache' ? ['conntrackd -s'] : [];
}

/** The same with its pages in the order in which they are shown, `empty` last. */
export function inOrder({ empty, ...pages }: SyncStatistics): SyncStatistics {
  const known = DAEMON_PAGES.filter((page) => pages[page] !== undefined);
  return {
    ...(Object.fromEntries(known.map((page) => [page, pages[page]])) as Partial<DaemonPages>),
    ...(empty && Object.keys(empty).length > 0 && { empty }),
  };
}
