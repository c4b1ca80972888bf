import type { CacheStatistics, Operations } from '../model/statistics.js';
import type { PageBlock } from './page-block.js';
import type { StatisticsBlock } from './statistics-blocks.js';

/** A cache block of `-s`, or that of a bypass or an injection in `-s cache`, once it is known to be whole. */
export function cacheStatistics({ name, kind, lines }: StatisticsBlock & { of: 'cache' }): CacheStatistics {
  const active = lines.counter('active');
  return {
    name,
    kind,
    ...(active !== undefined && { active }),
    created: operations(lines, 'created'),
    updated: operations(lines, 'updated'),
    destroyed: operations(lines, 'destroyed'),
  };
}

function operations(block: PageBlock, name: string): Operations {
  const failed = block.counter(`${name}_failed`);
  return { total: block.required(name), ...(failed !== undefined && { failed }) };
}
