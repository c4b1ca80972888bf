import type { CacheDetails, CacheOperations, CachePage } from '../../model/daemon-pages.js';
import type { CachePageRates, CacheRates, OperationRates } from '../../model/daemon-rates.js';
import type { Counter } from '../../model/number.js';
import { escapeControl } from '../escape.js';
import { type Block, column, counter, extraBlock, indented, named, type Row } from './rows.js';
import { plainCacheBlock } from './table.js';

/** The `-s cache` page: what the caches did, and why some of it failed. */
export function cacheBlocks({ caches, extra }: CachePage, rates: CachePageRates | undefined): Block[] {
  const blocks = caches.map((cache) => {
    const ofCache = rates?.caches.find(({ name }) => name === cache.name);
    return cache.kind === 'cache' ? detailedBlock(cache, ofCache) : plainCacheBlock(cache, ofCache);
  });
  return [...blocks, ...extraBlock(extra)];
}

function detailedBlock(cache: CacheDetails, rates: CacheRates | undefined): Block {
  const { created, updated, destroyed } = cache;
  return {
    rows: [
      ...sizeRows(cache),
      operationsRow('creation', 'OK', created, rates?.created),
      ...reasonRow('no memory available', created.no_memory, rates?.created.no_memory),
      ...reasonRow('no space left in cache', created.no_space, rates?.created.no_space),
      operationsRow('update', 'OK', updated, rates?.updated),
      ...reasonRow('entry not found', updated.not_found, rates?.updated.not_found),
      operationsRow('deletion', 'created', destroyed, rates?.destroyed),
      ...reasonRow('entry not found', destroyed.not_found, rates?.destroyed.not_found),
    ],
  };
}

/** The daemon prints the number of active objects twice, and a tab behind the name. */
function sizeRows({ name, active = 0, total = 0 }: CacheDetails): Row[] {
  const objects = `${`cache:${escapeControl(name)}`.padEnd(16)}active objects`;
  return [
    { text: named(objects) + column(active), figures: [{ name: objects, value: active }] },
    {
      text: `${named('active/total entries', 1)}${column(active)}/${column(total)}`,
      figures: [{ name: indented('total entries', 1), value: total }],
    },
  ];
}

function operationsRow(
  operation: string,
  done: string,
  { total, failed = 0 }: CacheOperations,
  rates: OperationRates | undefined,
): Row {
  return {
    text: `${named(`${operation} ${done}/failed`, 1)}${column(total)}/${column(failed)}`,
    figures: [
      counter(indented(`${operation} ${done}`, 1), total, rates?.total),
      counter(indented(`${operation} failed`, 1), failed, rates?.failed),
    ],
  };
}

function reasonRow(name: string, value: Counter | undefined, rate: number | undefined): Row[] {
  if (value === undefined) return [];
  return [{ text: named(name, 2) + column(value), figures: [counter(indented(name, 2), value, rate)] }];
}
