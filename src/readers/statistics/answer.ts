import type { SyncStatistics } from '../../model/daemon-pages.js';
import type { StatisticsRates } from '../../model/daemon-rates.js';
import type { Failure } from '../../model/failure.js';

/** conntrackd's statistics, and whether they are all that was asked for. */
export interface StatisticsAnswer {
  statistics: SyncStatistics;
  /** Absent where it can't be known: a captured file that is empty, or a folder that lacks some. */
  complete?: boolean;
  /** Why they are not: a page could not be had. */
  failure?: Failure;
  /** Sentences that an operator should read with them. */
  notes: string[];
  /** Only where there were two readings: the time between them. */
  interval?: { seconds: number };
  /** Between the two readings; absent where the daemon was restarted meanwhile. */
  rates?: StatisticsRates;
}
