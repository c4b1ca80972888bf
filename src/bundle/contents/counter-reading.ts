import type { CounterPage } from '../../model/bundle-counters.js';
import type { ConntrackStatistics } from '../../model/conntrack-statistics.js';
import { DAEMON_PAGES, type DaemonPageName, type SyncStatistics } from '../../model/daemon-pages.js';
import type { DaemonSign } from '../../model/daemon-sign.js';
import { parseConntrackStatistics } from '../../parsers/conntrack-statistics.js';
import { memberOf } from '../../readers/statistics/captured-folder.js';
import { GatheredPages } from '../../readers/statistics/gathered-pages.js';
import { parsePage } from '../../readers/statistics/pages.js';
import type { NodeContents } from './node-contents.js';

/** The counters of a node in one of the two samples of a bundle. */
export interface CounterReading {
  statistics: SyncStatistics;
  /** Absent where conntrack had no answer. */
  kernel?: ConntrackStatistics;
  /** When each page was asked for, in milliseconds. */
  at: ReadonlyMap<CounterPage | DaemonPageName, number>;
}

/**
 * Reads the pages of one sample. What is not whole is left out and has its sentence.
 *
 * @throws what is no Failure, and INTERRUPTED
 */
export async function counterReading(contents: NodeContents, sample: 1 | 2): Promise<CounterReading> {
  const at = new Map<CounterPage | DaemonPageName, number>();
  const pages = new GatheredPages();
  for (const page of DAEMON_PAGES) {
    const found = await contents.text(`counters-${sample}/${memberOf(page).name}`);
    if (found?.whole !== true) continue;
    pages.take(page, found.text, (text) => {
      const parsed = parsePage(page, text);
      at.set(page, Date.parse(found.item.started_at));
      return parsed;
    });
  }
  const { statistics } = pages.gathered();
  for (const { message } of pages.failures) contents.lack(`${contents.node.name}, counters-${sample}: ${message}`);
  const kernel = await kernelReading(contents, sample);
  if (kernel) at.set('kernel', kernel.at);
  return { statistics, ...(kernel && { kernel: kernel.statistics }), at };
}

/** What tells one run of conntrackd from the next, as far as its pages do. */
export function signOf({ statistics: { runtime } }: CounterReading): DaemonSign {
  return {
    ...(runtime?.uptime_seconds === undefined ? {} : { uptime_seconds: runtime.uptime_seconds }),
    ...(runtime?.netlink.events_received === undefined ? {} : { events_received: runtime.netlink.events_received }),
  };
}

/** Seconds between the readings of a page; undefined where it was not read twice. */
export function secondsBetween(before: CounterReading, now: CounterReading, page: CounterPage): number | undefined {
  const [earlier, later] = [before.at.get(page), now.at.get(page)];
  return earlier === undefined || later === undefined ? undefined : (later - earlier) / 1000;
}

async function kernelReading(
  contents: NodeContents,
  sample: 1 | 2,
): Promise<{ statistics: ConntrackStatistics; at: number } | undefined> {
  const name = `counters-${sample}/conntrack-S.txt`;
  const main = await contents.text(name);
  if (main?.whole !== true) return undefined;
  const expect = await contents.text(`counters-${sample}/conntrack-S-expect.txt`);
  const text = main.text + (expect?.whole === true ? expect.text : '');
  const statistics = await contents.attempt(() => parseConntrackStatistics(text), name);
  return statistics && { statistics, at: Date.parse(main.item.started_at) };
}
