import type { DaemonPageName, DaemonPages } from '../../model/daemon-pages.js';
import { Failure } from '../../model/failure.js';
import { recognise } from '../../parsers/recognise.js';
import { parseCapturedTable, parseSyncStatistics } from '../../parsers/statistics.js';
import { readCapture } from '../../sources/capture.js';
import type { SourceOptions } from '../../sources/options.js';
import { inCapture } from '../in-capture.js';
import type { StatisticsAnswer } from './answer.js';
import { emptyBecause, mayBeEmpty } from './empty-page.js';
import { looksOf, parsePage, queryOf } from './pages.js';

/**
 * The general page, or both tables under their titles.
 *
 * @throws Failure BAD_CAPTURE, CAPTURE_UNREADABLE, INTERRUPTED
 */
export async function readCapturedTables(path: string, options: SourceOptions): Promise<StatisticsAnswer> {
  const { name, text } = await readCapture(path, options.abort);
  const next = 'This command reads the output of conntrackd -s, or both tables under the titles that it prints itself.';
  refuseOther(name, text, ['conntrackd -s'], next);
  return {
    statistics: inCapture(name, 'conntrackd -s', () => parseSyncStatistics(text)),
    complete: true,
    notes: [],
  };
}

/** One page. Same failures as {@link readCapturedTables}. */
export async function readCapturedPage(
  page: DaemonPageName,
  path: string,
  options: SourceOptions,
): Promise<StatisticsAnswer> {
  const { name, text } = await readCapture(path, options.abort);
  if (text === '' && (page === 'process' || mayBeEmpty(page))) return emptyCapture(page, name);
  const query = queryOf(page);
  refuseOther(name, text, [query, ...looksOf(page)], `This page is read from the output of ${query}.`);
  return { statistics: inCapture(name, query, () => parseCaptured(page, text)), complete: true, notes: [] };
}

function parseCaptured(page: DaemonPageName, text: string): Partial<DaemonPages> {
  if (page !== 'main' && page !== 'expect') return parsePage(page, text);
  return { [page]: parseCapturedTable(text, page === 'main' ? '-s' : '-s expect') };
}

/** Whether it is whole nobody can tell. */
function emptyCapture(page: DaemonPageName, name: string): StatisticsAnswer {
  const because = mayBeEmpty(page) ? emptyBecause(page, {}) : undefined;
  if (!mayBeEmpty(page) || because === undefined) return { statistics: parsePage(page, ''), notes: [alsoFailed(name)] };
  return { statistics: { empty: { [page]: because.reason } }, notes: [alsoFailed(name)] };
}

/** What is to be said of an empty file. */
export function alsoFailed(name: string): string {
  return `${name} is empty: so is the capture of a daemon that has nothing to say there, and one that failed.`;
}

function refuseOther(name: string, text: string, wanted: readonly string[], next: string): void {
  const looksLike = recognise(text);
  if (looksLike !== undefined && wanted.includes(looksLike)) return;
  const found =
    text === '' ? 'is empty' : looksLike === undefined ? 'is no page of conntrackd' : `looks like ${looksLike}`;
  throw new Failure('BAD_CAPTURE', `${name} ${found}.`, { next });
}
