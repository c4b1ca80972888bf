import { DAEMON_PAGES, type DaemonPageName, type DaemonPages, type SyncStatistics } from '../../model/daemon-pages.js';
import type { Failure, FailureCode } from '../../model/failure.js';
import type { SourceOptions } from '../../sources/options.js';
import { daemonPage } from '../../sources/queries.js';
import { askDaemon } from '../daemon.js';
import type { StatisticsAnswer } from './answer.js';
import { countsOnly, emptyBecause, mayBeEmpty, witnessesOf } from './empty-page.js';
import { expectationsAreSynced, notesOnMissingExpectations } from '../expectation-sync.js';
import { failureIn, GatheredPages } from './gathered-pages.js';
import { parsePage } from './pages.js';

/**
 * conntrackd's general page, and that of the expectations where they are synchronised.
 *
 * @throws Failure where there is not even the general page
 */
export async function readBothTables(options: SourceOptions): Promise<StatisticsAnswer> {
  const tables = await tablesOf(options);
  const asking = askingFor(tables, options);
  const main = await readPage('main', asking);
  if (!tables.includes('expect')) return { statistics: main, complete: true, notes: [] };
  try {
    const text = await pageText('expect', asking);
    const notes = text === '' ? await notesOnMissingExpectations(options) : [];
    const expect = text === '' ? {} : parsePage('expect', text);
    return { statistics: { ...main, ...expect }, complete: true, notes };
  } catch (error) {
    return { statistics: main, complete: false, failure: failureIn(error), notes: [] };
  }
}

async function tablesOf(options: SourceOptions): Promise<readonly DaemonPageName[]> {
  return (await expectationsAreSynced(options)) === false ? ['main'] : ['main', 'expect'];
}

/**
 * One page. Where it is empty, others are asked for that tell why.
 *
 * @throws Failure where it can't be had
 */
export async function readNamedPage(page: DaemonPageName, options: SourceOptions): Promise<StatisticsAnswer> {
  const asking = askingFor(await pagesFor({ page }, options), options);
  const text = await pageText(page, asking);
  if (text !== '') return { statistics: parsePage(page, text), complete: true, notes: [] };
  const known = await testimonyOn(page, asking);
  const because = mayBeEmpty(page) ? emptyBecause(page, known) : undefined;
  // Children there may be none; any other page that should not be empty is a failure.
  const statistics = because === undefined ? parsePage(page, text) : { empty: { [page]: because.reason } };
  return { statistics, complete: true, notes: await notesOn(statistics, options) };
}

async function testimonyOn(page: DaemonPageName, options: SourceOptions): Promise<Partial<DaemonPages>> {
  let known: Partial<DaemonPages> = {};
  for (const witness of witnessesOf(page)) {
    // A daemon that only counts has no queues to tell of.
    if (!countsOnly(known)) known = { ...known, ...(await readPage(witness, options)) };
  }
  return known;
}

/** `runtime` last: it is never empty, so a daemon that answers it was there for all that came before. */
const ASKED_LAST: readonly DaemonPageName[] = ['process', 'cache', 'runtime'];
const ORDER = [...DAEMON_PAGES.filter((page) => !ASKED_LAST.includes(page)), ...ASKED_LAST];

/**
 * All pages, one after the other: the daemon answers one client at a time. A page that can't be had does not hide the
 * others; a daemon that hangs, or can't be asked at all, is not asked for the rest.
 *
 * @throws Failure where there is no page at all
 */
export async function readAllPages(options: SourceOptions): Promise<StatisticsAnswer> {
  const asking = askingFor(ORDER, options);
  const pages = new GatheredPages();
  let unasked: readonly DaemonPageName[] = [];
  for (const [i, page] of ORDER.entries()) {
    try {
      pages.take(page, await pageText(page, asking), (text) => parsePage(page, text));
    } catch (error) {
      if (!isLasting(pages.fail(error))) continue;
      unasked = ORDER.slice(i + 1);
      break;
    }
  }
  const { statistics } = pages.gathered();
  const [failure, ...others] = pages.failures;
  if (failure === undefined) return { statistics, complete: true, notes: await notesOn(statistics, options) };
  if (pages.none) throw failure;
  const notes = [
    ...(await notesOn(statistics, options)),
    ...others.map(({ message }) => message),
    ...(unasked.length > 0 ? [`Not asked for after that: ${unasked.join(', ')}.`] : []),
  ];
  return { statistics, complete: false, failure, notes };
}

async function notesOn({ empty }: SyncStatistics, options: SourceOptions): Promise<string[]> {
  return empty?.expect === undefined ? [] : notesOnMissingExpectations(options);
}

/** Failures of one page alone; after any other the next page would fail, too, or hang as long. */
const OF_ONE_PAGE: readonly FailureCode[] = [
  'BAD_ANSWER',
  'TOOL_CRASHED',
  'TOOL_FAILED',
  'PERMISSION_DENIED',
  'NOT_IN_BUNDLE',
];

/** Whether the daemon is better not asked any more. */
export function isLasting({ code }: Failure): boolean {
  return !OF_ONE_PAGE.includes(code);
}

/** The pages that are asked for where these are wanted, or may be. */
export async function pagesFor(
  { page, all = false }: { page?: DaemonPageName | undefined; all?: boolean },
  options: SourceOptions,
): Promise<readonly DaemonPageName[]> {
  if (all) return ORDER;
  return page === undefined ? tablesOf(options) : [page, ...witnessesOf(page)];
}

/** The options by which an error names at once all that sudo has to allow for a view. */
export function askingFor(pages: readonly DaemonPageName[], options: SourceOptions): SourceOptions {
  const asked = [...(options.asked ?? []), ...pages.map((page) => daemonPage(page, options.query))];
  const lines = asked.map(({ args }) => args.join(' '));
  return { ...options, asked: asked.filter((_, i) => lines.indexOf(lines[i]!) === i) };
}

function pageText(page: DaemonPageName, options: SourceOptions): Promise<string> {
  return askDaemon(daemonPage(page, options.query), options);
}

async function readPage(page: DaemonPageName, options: SourceOptions): Promise<Partial<DaemonPages>> {
  return parsePage(page, await pageText(page, options));
}
