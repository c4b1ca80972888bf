import type { DaemonPageName } from '../model/daemon-pages.js';
import { Failure } from '../model/failure.js';
import type { SourceOptions } from '../sources/options.js';
import { oneReading, type Waiting } from './between-readings.js';
import type { StatisticsAnswer } from './statistics/answer.js';
import { readCapturedFolder } from './statistics/captured-folder.js';
import { readCapturedPage, readCapturedTables } from './statistics/captured.js';
import { withLinkNames } from './statistics/link-names.js';
import { askingFor, pagesFor, readAllPages, readBothTables, readNamedPage } from './statistics/live.js';
import { readTwice } from './statistics/twice.js';

/** Which of conntrackd's pages are asked for; neither: the general page, and that of the expectations. */
export interface StatisticsQuestion {
  page?: DaemonPageName | undefined;
  all?: boolean;
  /** Seconds between two readings; one reading where there are none. */
  interval?: number | undefined;
}

/**
 * conntrackd's pages of statistics, live or from a capture: a file, for all of them a folder.
 *
 * @param waiting shows that it is waited for the second of two readings
 * @throws Failure USAGE; others where nothing of what was asked for can be had
 */
export async function readSyncStatistics(
  source: SourceOptions,
  question: StatisticsQuestion = {},
  waiting: Waiting = () => () => undefined,
): Promise<StatisticsAnswer> {
  const { page, all = false, interval } = question;
  if (all && page !== undefined) {
    throw new Failure('USAGE', `--all shows every page, and ${page} is one of them.`, {
      next: `Leave out --all, or ${page}.`,
    });
  }
  const { from } = source;
  if (from !== undefined) {
    if (interval !== undefined) throw oneReading('Leave --interval out.');
    if (all) return readCapturedFolder(from);
    return page === undefined ? readCapturedTables(from, source) : readCapturedPage(page, from, source);
  }
  if (interval !== undefined && source.place.readings === 1) throw oneReading('Leave --interval out.');
  const readPages = (options: SourceOptions): Promise<StatisticsAnswer> => {
    if (all) return readAllPages(options);
    return page === undefined ? readBothTables(options) : readNamedPage(page, options);
  };
  const read = async (options: SourceOptions) => withLinkNames(await readPages(options), options);
  if (interval === undefined) return read(source);
  const asking = askingFor(['runtime', ...(await pagesFor(question, source))], source);
  return readTwice(interval, asking, read, waiting);
}
