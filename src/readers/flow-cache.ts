import type { CacheStatistics } from '../model/statistics.js';
import type { DumpTally } from '../parsers/flow-dump.js';
import { parseWholeRuntime } from '../parsers/runtime.js';
import { parseTableStatistics } from '../parsers/statistics.js';
import type { SourceOptions } from '../sources/options.js';
import { flowCache, generalStatistics, runtimeStatistics } from '../sources/queries.js';
import { spooled } from '../sources/spool.js';
import { cacheDumpFailure, type CacheSample } from './cache-verdict.js';
import { capturedFlows } from './captured-flows.js';
import { askDaemon, streamFromDaemon } from './daemon.js';
import { FlowReading, type Judgement } from './flow-reading.js';
import { notesOnUnreadable } from './unreadable-lines.js';

/** Which of conntrackd's two caches: what this node tracks, or what the peer has sent. */
export type CacheName = 'internal' | 'external';

/** One of conntrackd's flow caches, live or from a capture. */
export async function readFlowCache(name: CacheName, options: SourceOptions): Promise<FlowReading> {
  if (options.from !== undefined) return new FlowReading([capturedFlows(options.from, name, options)]);
  const { query } = options;
  const cache = flowCache(name, query);
  const asking = { ...options, asked: [generalStatistics(query), runtimeStatistics(query), cache] };
  const before = await sample(name, asking);
  const dump = streamFromDaemon(cache, asking);
  return new FlowReading([
    {
      chunks: byTheDaemonItself(before) ? spooled(dump) : dump,
      judge: async (tally) => judge(name, tally, before, await sample(name, asking)),
    },
  ]);
}

/**
 * In statistics mode the daemon writes the dump itself, and does nothing else until it is read (formats.md §8): then it
 * must not wait for a pager.
 */
function byTheDaemonItself({ cache }: CacheSample): boolean {
  return cache?.name === 'stats';
}

async function sample(name: CacheName, options: SourceOptions): Promise<CacheSample> {
  const { caches } = parseTableStatistics(await askDaemon(generalStatistics(options.query), options));
  const runtime = parseWholeRuntime(await askDaemon(runtimeStatistics(options.query), options));
  const cache = caches.find((block) => block.name === name || (name === 'internal' && block.name === 'stats'));
  return { runtime, ...(cache ? { cache } : {}) };
}

function judge(name: CacheName, tally: DumpTally, before: CacheSample, after: CacheSample): Judgement {
  const failure = cacheDumpFailure(tally, before, after);
  const notes = [...notesOn(name, after.cache), ...notesOnUnreadable(tally)];
  if (failure) return { complete: false, failure, notes };
  // Of the kernel's table conntrackd gives neither a count nor a size.
  return after.cache?.kind === 'bypass' ? { notes } : { complete: true, notes };
}

/** What an operator must know who sees another cache than expected, or an empty one (formats.md §9). */
function notesOn(name: CacheName, cache: CacheStatistics | undefined): string[] {
  if (cache?.kind === 'bypass') {
    return ["DisableInternalCache is on: conntrackd keeps no internal cache and shows the kernel's table instead."];
  }
  if (cache?.kind === 'inject') {
    return [
      'DisableExternalCache is on: conntrackd keeps no external cache, what the peer sends goes into the kernel.',
    ];
  }
  if (cache === undefined && name === 'external') return ['conntrackd has no external cache in statistics mode.'];
  return [];
}
