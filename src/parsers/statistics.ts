import type { TableStatistics } from '../model/statistics.js';
import { activeLink } from './active-link.js';
import { cacheStatistics } from './cache-block.js';
import type { PageBlock } from './page-block.js';
import { cutShort, moreThanOnePage, notThisPage, refuseTornBlock } from './page-failure.js';
import { isBlank, linesOfPage } from './page-lines.js';
import { statisticsBlock, type StatisticsBlock } from './statistics-blocks.js';

/** Which of the two general pages a text is said to be. */
export type StatisticsQuery = '-s' | '-s expect';

const WHEN_EMPTY: Record<StatisticsQuery, string> = {
  '-s': 'a conntrackd whose configuration has neither a Sync nor a Stats section prints nothing',
  '-s expect': 'conntrackd prints nothing where ExpectationSync is off',
};

/**
 * conntrackd's general page as a model. A page of which a part is missing is refused rather than read in part: without one
 * of its lines, or of the blocks that every such page has, it would look like a daemon in another mode, or like figures
 * that fell.
 *
 * @param text The page as printed, decoded as latin1: the name of a deleted interface may be any bytes.
 * @throws Failure `BAD_ANSWER` if the text is empty, no such page, not whole, or more than one page.
 */
export function parseTableStatistics(text: string, query: StatisticsQuery = '-s'): TableStatistics {
  const { blocks, extra } = readBlocks(text, query);
  if (blocks.length === 0 || isOtherPage(text, blocks, extra)) {
    throw notThisPage(`conntrackd ${query}`, text, WHEN_EMPTY[query]);
  }
  refuseTornPage(blocks, query);
  return {
    caches: blocks.flatMap((block) => (block.of === 'cache' ? [cacheStatistics(block)] : [])),
    ...otherBlocks(blocks),
    ...(extra.length > 0 && { extra }),
  };
}

const MAIN_HEADING = /^Main Table Statistics:[^\S\n]*$/m;
const EXPECT_HEADING = /^Expect Table Statistics:[^\S\n]*$/m;

/** The general page, and that of the expectations where a capture has both. */
export interface BothTables {
  main: TableStatistics;
  expect?: TableStatistics;
}

/**
 * A captured statistics page: conntrackd's own, or one with the headings that ctsync and VyOS print above the two tables.
 *
 * @throws Failure `BAD_ANSWER` as {@link parseTableStatistics}; the part below an `Expect` heading must be a page too.
 */
export function parseSyncStatistics(text: string): BothTables {
  const [main = '', ...expect] = text.replace(MAIN_HEADING, '').split(EXPECT_HEADING);
  if (expect.length === 0) return { main: parseTableStatistics(main) };
  if (expect.length > 1) throw moreThanOnePage('conntrackd -s', 'Expect Table Statistics');
  return { main: parseTableStatistics(main), expect: parseTableStatistics(expect.join(''), '-s expect') };
}

/**
 * One of the two tables of a captured page, with or without the headings.
 *
 * @throws Failure `BAD_ANSWER` as {@link parseTableStatistics}, and where only the other table is there
 */
export function parseCapturedTable(text: string, query: StatisticsQuery): TableStatistics {
  const [main = '', ...expect] = text.replace(MAIN_HEADING, '').split(EXPECT_HEADING);
  if (expect.length > 1) throw moreThanOnePage(`conntrackd ${query}`, 'Expect Table Statistics');
  const headed = expect.length > 0 || MAIN_HEADING.test(text);
  const wanted = headed && query === '-s expect' ? expect.join('') : main;
  if (headed && isBlank(wanted)) throw notThisPage(`conntrackd ${query}`, text, WHEN_EMPTY[query]);
  return parseTableStatistics(wanted, query);
}

function readBlocks(text: string, query: StatisticsQuery): { blocks: StatisticsBlock[]; extra: string[] } {
  const blocks = new Map<string, StatisticsBlock>();
  const extra: string[] = [];
  let current: PageBlock | undefined;
  for (const line of linesOfPage(text)) {
    const begun = statisticsBlock(line);
    if (begun !== undefined) {
      const key = begun.of === 'cache' ? `cache ${begun.name}` : begun.of;
      if (blocks.has(key)) throw moreThanOnePage(`conntrackd ${query}`, begun.lines.title);
      blocks.set(key, begun);
      current = begun.lines;
    } else if (isBlank(line)) {
      current = undefined;
    } else if (!current?.take(line)) {
      extra.push(line);
    }
  }
  return { blocks: [...blocks.values()], extra };
}

// Other pages share blocks with this one (`-s network` that of the link), but begin and end with lines of their own.
function isOtherPage(text: string, blocks: readonly StatisticsBlock[], [firstUnknown]: readonly string[]): boolean {
  if (firstUnknown === undefined || hasEnding(blocks)) return false;
  return text.trimStart().startsWith(firstUnknown.trimStart());
}

function refuseTornPage(blocks: readonly StatisticsBlock[], query: StatisticsQuery): void {
  for (const { lines } of blocks) refuseTornBlock(`conntrackd ${query}`, lines);
  const missing = missingBlock(blocks);
  if (missing !== undefined) throw cutShort(`conntrackd ${query}`, `${missing} is missing`);
}

function hasEnding(blocks: readonly StatisticsBlock[]): boolean {
  return hasBlock(blocks, countsOnly(blocks) ? 'traffic' : 'messages');
}

/**
 * What of the page has not come, in words. In statistics mode it has one cache and the traffic; in every other mode the
 * two caches, or what stands in their place, and three more blocks (formats.md §10).
 */
function missingBlock(blocks: readonly StatisticsBlock[]): string | undefined {
  if (countsOnly(blocks)) return hasEnding(blocks) ? undefined : 'the block "traffic processed", with which it ends,';
  if (!hasEnding(blocks)) return 'the block "message tracking", with which it ends,';
  const cache = ['internal', 'external'].find((name) => !hasCache(blocks, name));
  if (cache !== undefined) return `the block of the ${cache} cache`;
  if (!hasBlock(blocks, 'traffic')) return 'the block "traffic processed"';
  return hasBlock(blocks, 'link') ? undefined : 'the block of the link';
}

function countsOnly(blocks: readonly StatisticsBlock[]): boolean {
  return hasCache(blocks, 'stats');
}

function hasCache(blocks: readonly StatisticsBlock[], name: string): boolean {
  return blocks.some((block) => block.of === 'cache' && block.name === name);
}

function hasBlock(blocks: readonly StatisticsBlock[], of: StatisticsBlock['of']): boolean {
  return blocks.some((block) => block.of === of);
}

function otherBlocks(blocks: readonly StatisticsBlock[]): Omit<TableStatistics, 'caches' | 'extra'> {
  const found: Omit<TableStatistics, 'caches' | 'extra'> = {};
  for (const block of blocks) {
    const { lines } = block;
    if (block.of === 'traffic') {
      found.traffic_processed = { bytes: lines.required('bytes'), packets: lines.required('packets') };
    } else if (block.of === 'link') {
      found.link = activeLink(block);
    } else if (block.of === 'messages') {
      found.messages = { malformed: lines.required('malformed'), lost: lines.required('lost') };
    }
  }
  return found;
}
