import type { CacheName } from '../model/dump.js';
import type { CacheStatistics } from '../model/statistics.js';
import type { DumpTally } from '../parsers/flow-dump.js';
import type { CacheLines } from '../query/cache-gaps.js';
import type { SourceOptions } from '../sources/options.js';
import { flowCache, generalStatistics, runtimeStatistics } from '../sources/queries.js';
import { spooled } from '../sources/spool.js';
import { sampleFlows } from './cache-sample.js';
import { cacheDumpFailure, type CacheSample } from './cache-verdict.js';
import { capturedFlows } from './captured-flows.js';
import { streamFromDaemon } from './daemon.js';
import { FlowReading, type Judgement, type Selection } from './flow-reading.js';
import { notesOnUnreadable } from './unreadable-lines.js';

/** Which flows of a cache are wanted. */
export interface CacheRequest extends Omit<Selection, 'notes' | 'remarks'> {
  /**
   * Called before the first flow, once it is known what the lines are like: gives what an operator should read with the
   * answer, and throws where there can be none.
   */
  notesOn: (lines: CacheLines) => Promise<readonly string[]>;
}

/** One of conntrackd's flow caches, live or from a capture. */
export async function readFlowCache(
  name: CacheName,
  request: CacheRequest,
  options: SourceOptions,
): Promise<FlowReading> {
  if (options.from !== undefined) return capturedCache(options.from, name, request, options);
  const { query } = options;
  const cache = flowCache(name, query);
  const asking = { ...options, asked: [generalStatistics(query), runtimeStatistics(query), cache] };
  const before = await sampleFlows(name, asking);
  const notes = [...notesOn(name, before.cache), ...(await request.notesOn(linesOf(before)))];
  const dump = streamFromDaemon(cache, asking);
  const source = {
    chunks: byTheDaemonItself(before) ? spooled(dump) : dump,
    judge: async (tally: DumpTally) => judge(name, tally, before, await sampleFlows(name, asking)),
  };
  return new FlowReading([source], { ...request, notes, ...remarksOn(name) });
}

function capturedCache(path: string, name: CacheName, request: CacheRequest, options: SourceOptions): FlowReading {
  const notes: string[] = [];
  const dump = capturedFlows(path, name, options, async (looksLike) => {
    const lines = looksLike === 'conntrack -L' ? 'kernel' : 'cache';
    notes.push(...(lines === 'kernel' ? [KERNEL_TABLE] : []), ...(await request.notesOn(lines)));
  });
  return new FlowReading([dump], { ...request, notes, ...remarksOn(name) });
}

function linesOf({ cache }: CacheSample): CacheLines {
  return cache?.kind === 'bypass' ? 'kernel' : 'cache';
}

/**
 * In statistics mode the daemon writes the dump itself, and does nothing else until it is read (formats.md §8): then it
 * must not wait for a pager.
 */
function byTheDaemonItself({ cache }: CacheSample): boolean {
  return cache?.name === 'stats';
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
    return [
      "DisableInternalCache is on: conntrackd keeps no internal cache and shows the kernel's table instead, unfiltered.",
    ];
  }
  if (cache?.kind === 'inject') return [NO_EXTERNAL_CACHE];
  if (cache === undefined && name === 'external') return ['conntrackd has no external cache in statistics mode.'];
  return [];
}

/** A captured one says by its lines alone what it is. */
const KERNEL_TABLE = "This is the kernel's table, unfiltered (DisableInternalCache is on).";

/** The dash in place of a reply tuple must not look like a flow without NAT. */
function remarksOn(name: CacheName): Pick<Selection, 'remarks'> {
  return name === 'external' ? { remarks: [NO_REPLY_TUPLES] } : {};
}

const NO_REPLY_TUPLES = 'The external cache shows no reply tuples: NAT is not known before a commit.';

/** Said of flows as of expectations. */
export const NO_EXTERNAL_CACHE =
  'DisableExternalCache is on: conntrackd keeps no external cache, what the peer sends goes into the kernel.';
