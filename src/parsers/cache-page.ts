import type { CacheDetails, CachePage } from '../model/daemon-pages.js';
import { cacheStatistics } from './cache-block.js';
import { type LineForm, PageBlock } from './page-block.js';
import { cutShort, moreThanOnePage, notThisPage, refuseTornBlock, refuseUnfinished } from './page-failure.js';
import { isBlank, linesOfPage } from './page-lines.js';
import { statisticsBlock, type StatisticsBlock } from './statistics-blocks.js';

const QUERY = 'conntrackd -s cache';
const WHEN_EMPTY = 'a conntrackd whose configuration has neither a Sync nor a Stats section prints nothing';

/** A cache's own title is its first figure, too. */
const TITLE = /^cache:([\w-]+)(\s+active objects\s*:\s*\d+\s*)$/;

const OBJECTS: readonly LineForm[] = [
  { name: 'active objects', pattern: /^\s*active objects\s*:\s*(?<active>\d+)\s*$/ },
  { name: 'active/total entries', pattern: /^\s*active\/total entries\s*:\s*\d+\/\s*(?<total>\d+)\s*$/ },
];
const NOT_FOUND: LineForm = { name: 'entry not found', pattern: /^\s*entry not found\s*:\s*(?<not_found>\d+)\s*$/ };

/** By the word that their first line begins with: the reasons for failures stand below it, and one of them is twice there. */
const OPERATIONS = {
  creation: [
    operations('creation OK/failed'),
    { name: 'no memory available', pattern: /^\s*no memory available\s*:\s*(?<no_memory>\d+)\s*$/ },
    { name: 'no space left in cache', pattern: /^\s*no space left in cache\s*:\s*(?<no_space>\d+)\s*$/ },
  ],
  update: [operations('update OK/failed'), NOT_FOUND],
  deletion: [operations('deletion created/failed'), NOT_FOUND],
} as const satisfies Record<string, readonly LineForm[]>;

function operations(name: string): LineForm {
  return { name, pattern: new RegExp(`^\\s*${name}\\s*:\\s*(?<total>\\d+)/\\s*(?<failed>\\d+)\\s*$`) };
}

/**
 * conntrackd's `-s cache` page (formats.md §10): every cache with the reasons why something failed.
 *
 * @param text The page as printed, decoded as latin1.
 * @throws Failure `BAD_ANSWER` if the text is empty, no such page, not whole, or more than one page.
 */
export function parseCachePage(text: string): CachePage {
  const caches = new Map<string, DetailedCache | PlainCache>();
  const extra: string[] = [];
  let current: DetailedCache | PlainCache | undefined;
  for (const line of linesOfPage(text)) {
    const block = statisticsBlock(line);
    const begun = detailedCache(line) ?? plainCache(block);
    // A bypass looks the same on the general page, which has more than caches.
    if (begun === undefined && block !== undefined) throw notThisPage(QUERY, text, WHEN_EMPTY);
    if (begun !== undefined) {
      if (caches.has(begun.name)) throw moreThanOnePage(QUERY, begun.title);
      caches.set(begun.name, begun);
      current = begun;
    } else if (isBlank(line)) {
      current = undefined;
    } else if (!current?.take(line)) {
      extra.push(line);
    }
  }
  if (caches.size === 0) throw notThisPage(QUERY, text, WHEN_EMPTY);
  const page = { caches: [...caches.values()].map((cache) => cache.whole()), ...(extra.length > 0 && { extra }) };
  refuseMissingCache([...caches.keys()]);
  refuseUnfinished(QUERY, text);
  return page;
}

/** In the modes that synchronise there are two caches, or what stands in their place. */
function refuseMissingCache(names: readonly string[]): void {
  const missing = names.includes('stats') ? undefined : ['internal', 'external'].find((name) => !names.includes(name));
  if (missing !== undefined) throw cutShort(QUERY, `the block of the ${missing} cache is missing`);
}

/** A cache while its block is being read. */
class DetailedCache {
  readonly title: string;
  private readonly objects: PageBlock;
  private readonly operations: Record<keyof typeof OPERATIONS, PageBlock>;
  private current: PageBlock;

  constructor(readonly name: string) {
    this.title = `cache:${name}`;
    const block = (forms: readonly LineForm[]): PageBlock => new PageBlock(this.title, forms);
    this.objects = block(OBJECTS);
    this.operations = {
      creation: block(OPERATIONS.creation),
      update: block(OPERATIONS.update),
      deletion: block(OPERATIONS.deletion),
    };
    this.current = this.objects;
  }

  take(line: string): boolean {
    const [, operation] = /^\s*(creation|update|deletion) /.exec(line) ?? [];
    if (operation !== undefined) this.current = this.operations[operation as keyof typeof OPERATIONS];
    return this.current.take(line);
  }

  /** @throws Failure `BAD_ANSWER` where a line has not come */
  whole(): CacheDetails {
    const { objects } = this;
    const { creation, update, deletion } = this.operations;
    for (const block of [objects, creation, update, deletion]) refuseTornBlock(QUERY, block);
    const counts = (block: PageBlock) => ({ total: block.required('total'), failed: block.required('failed') });
    return {
      name: this.name,
      kind: 'cache',
      active: objects.required('active'),
      total: objects.required('total'),
      created: {
        ...counts(creation),
        no_memory: creation.required('no_memory'),
        no_space: creation.required('no_space'),
      },
      updated: { ...counts(update), not_found: update.required('not_found') },
      destroyed: { ...counts(deletion), not_found: deletion.required('not_found') },
    };
  }
}

function detailedCache(line: string): DetailedCache | undefined {
  const [, name, active] = TITLE.exec(line) ?? [];
  if (name === undefined || active === undefined) return undefined;
  const cache = new DetailedCache(name);
  cache.take(active);
  return cache;
}

/** What stands in the place of a cache that is switched off: the block of the general page. */
interface PlainCache {
  name: string;
  title: string;
  take: (line: string) => boolean;
  whole: () => CacheDetails;
}

function plainCache(block: StatisticsBlock | undefined): PlainCache | undefined {
  if (block?.of !== 'cache' || block.kind === 'cache') return undefined;
  return {
    name: block.name,
    title: block.lines.title,
    take: (line) => block.lines.take(line),
    whole: () => {
      refuseTornBlock(QUERY, block.lines);
      return cacheStatistics(block);
    },
  };
}
