import { Failure } from '../model/failure.js';
import type { SyncStatistics } from '../model/statistics.js';
import { recognise } from '../parsers/recognise.js';
import { parseSyncStatistics, parseTableStatistics } from '../parsers/statistics.js';
import { readCapture } from '../sources/capture.js';
import type { SourceOptions } from '../sources/options.js';
import { expectStatistics, generalStatistics } from '../sources/queries.js';
import { askDaemon } from './daemon.js';
import { expectationsAreSynced, startedWithout } from './expectation-sync.js';
import { inCapture } from './in-capture.js';

/** conntrackd's statistics, and whether they are all that was asked for. */
export interface StatisticsAnswer {
  statistics: SyncStatistics;
  complete: boolean;
  /** Why they are not: the page of the expectations could not be had. */
  failure?: Failure;
  /** Sentences that an operator should read with them. */
  notes: string[];
}

/**
 * conntrackd's general page, and that of the expectations where they are synchronised; live or from a capture.
 *
 * @throws Failure where there is not even the general page
 */
export async function readSyncStatistics(options: SourceOptions): Promise<StatisticsAnswer> {
  if (options.from !== undefined)
    return { statistics: await capturedStatistics(options.from, options), complete: true, notes: [] };
  const general = generalStatistics(options.query);
  const ofExpectations = expectStatistics(options.query);
  const synced = expectationsAreSynced(options.query.daemonConfig);
  const both = synced !== false;
  const asking = both ? { ...options, asked: [general, ofExpectations] } : options;
  const main = parseTableStatistics(await askDaemon(general, asking));
  if (!both) return { statistics: { main }, complete: true, notes: [] };
  try {
    const page = await askDaemon(ofExpectations, asking);
    const notes = page === '' && synced ? [startedWithout(options.query.daemonConfig)] : [];
    const expect = page === '' ? {} : { expect: parseTableStatistics(page, '-s expect') };
    return { statistics: { main, ...expect }, complete: true, notes };
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.code === 'INTERRUPTED') throw failure;
    return { statistics: { main }, complete: false, failure, notes: [] };
  }
}

async function capturedStatistics(path: string, options: SourceOptions): Promise<SyncStatistics> {
  const { name, text } = await readCapture(path, options.abort);
  const looksLike = recognise(text);
  if (looksLike === 'conntrackd -s') return inCapture(name, looksLike, () => parseSyncStatistics(text));
  const found =
    text === '' ? 'is empty' : looksLike === undefined ? 'is no page of conntrackd' : `looks like ${looksLike}`;
  throw new Failure('BAD_CAPTURE', `${name} ${found}.`, {
    next: 'This command reads the output of conntrackd -s, or both tables under the titles that it prints itself.',
  });
}
