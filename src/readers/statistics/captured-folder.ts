import { DAEMON_PAGES, type DaemonPageName } from '../../model/daemon-pages.js';
import { Failure } from '../../model/failure.js';
import { type Member, NOT_CAPTURED, readPage, refuseOthers } from '../captured-folder.js';
import { inCapture } from '../in-capture.js';
import type { StatisticsAnswer } from './answer.js';
import { alsoFailed } from './captured.js';
import { GatheredPages } from './gathered-pages.js';
import { looksOf, parsePage, queryOf } from './pages.js';

/**
 * All pages, from a folder with a file for each. What is not there is named; what is there and can't be read makes the
 * answer incomplete.
 *
 * @throws Failure CAPTURE_UNREADABLE where there is no such folder, BAD_CAPTURE where no page can be had from it
 */
export async function readCapturedFolder(folder: string): Promise<StatisticsAnswer> {
  await refuseOthers(folder, 'Captured statistics', WANTED);
  const pages = new GatheredPages();
  const absent: string[] = [];
  for (const page of DAEMON_PAGES) {
    const member = memberOf(page);
    const material = readPage(folder, member);
    if (material === NOT_CAPTURED) absent.push(member.name);
    else if ('text' in material) {
      const { file } = material;
      pages.take(page, material.text, (text) => inCapture(file, member.kind, () => parsePage(page, text)));
    } else {
      const { missing, code = 'BAD_CAPTURE', next = WANTED } = material;
      pages.fail(new Failure(code, `${missing}.`, { next }));
    }
  }
  if (absent.length === DAEMON_PAGES.length) {
    throw new Failure('BAD_CAPTURE', `${folder} holds none of the files of captured statistics.`, { next: WANTED });
  }
  return answerOf(folder, pages, absent);
}

/** It is the whole answer only where every page is there, and says itself that it is. */
function answerOf(folder: string, pages: GatheredPages, absent: readonly string[]): StatisticsAnswer {
  const { statistics, unsure } = pages.gathered();
  const [failure, ...others] = pages.failures;
  if (failure !== undefined && pages.none) throw failure;
  const empty = { ...statistics.empty, ...unsure };
  const doubtful = (Object.keys(unsure) as DaemonPageName[]).map((page) => alsoFailed(memberOf(page).name));
  const notes = [
    ...others.map(({ message }) => message),
    ...doubtful,
    ...(absent.length > 0 ? [`Not in the capture ${folder}: ${absent.join(', ')}.`] : []),
  ];
  return {
    statistics: { ...statistics, ...(Object.keys(empty).length > 0 && { empty }) },
    ...(failure ? { complete: false, failure } : absent.length + doubtful.length > 0 ? {} : { complete: true }),
    notes,
  };
}

/** The file of a page, and what it should hold. */
export function memberOf(page: DaemonPageName): Member & { kind: string } {
  return { name: page === 'main' ? 's.txt' : `s-${page}.txt`, kind: queryOf(page), alike: looksOf(page) };
}

const WANTED = `Captured statistics are a folder with any of ${DAEMON_PAGES.map((page) => memberOf(page).name).join(', ')}.`;
