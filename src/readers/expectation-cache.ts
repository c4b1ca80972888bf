import type { CacheName } from '../model/dump.js';
import type { ExpectationListing } from '../model/expectation.js';
import { parseExpectationDump } from '../parsers/expectation-dump.js';
import { parseTableStatistics } from '../parsers/statistics.js';
import type { SourceOptions } from '../sources/options.js';
import { daemonPage, expectationCache, generalStatistics, runtimeStatistics } from '../sources/queries.js';
import { sampleExpectations } from './cache-sample.js';
import { cacheDumpFailure, type CacheSample } from './cache-verdict.js';
import { capturedExpectations, listingOf } from './captured-expectations.js';
import { askDaemon } from './daemon.js';
import { expectationsAreSynced, startedWithout } from './expectation-sync.js';
import { NO_EXTERNAL_CACHE } from './flow-cache.js';

/**
 * The expectations in one of conntrackd's caches, live or from a capture. Live they are judged as its flows are, by the
 * counters around the dump. A failure before there is any row is thrown; after that it stands in the listing.
 */
export async function readExpectationCache(name: CacheName, options: SourceOptions): Promise<ExpectationListing> {
  const started = performance.now();
  const { from } = options;
  const command = name === 'internal' ? 'conntrackd -i expect' : 'conntrackd -e expect';
  const listing = from === undefined ? await read(name, options) : await capturedExpectations(from, command, options);
  return { ...listing, summary: { ...listing.summary, elapsed_ms: Math.round(performance.now() - started) } };
}

async function read(name: CacheName, options: SourceOptions): Promise<ExpectationListing> {
  const { query } = options;
  const cache = expectationCache(name, query);
  const asking = {
    ...options,
    asked: [daemonPage('expect', query), runtimeStatistics(query), cache, generalStatistics(query)],
  };
  const before = await sampleExpectations(name, asking);
  const { expectations, unreadable, cut } = parseExpectationDump(await askDaemon(cache, asking));
  const after = await sampleExpectations(name, asking);
  const failure = cacheDumpFailure({ rows: expectations.length, unreadable, cut }, before, after, 'expectation');
  if (failure && expectations.length === 0) throw failure;
  const listing = { ...listingOf(expectations, unreadable), notes: await notesOn(after, asking) };
  if (failure) return { ...listing, complete: false, failure };
  // What the kernel expects, conntrackd does not show.
  return after.cache?.kind === 'bypass' ? listing : { ...listing, complete: true };
}

/** Why a cache is empty that may not seem to be, and whose expectations are shown elsewhere (formats.md §9). */
async function notesOn({ cache }: CacheSample, options: SourceOptions): Promise<string[]> {
  switch (cache?.kind) {
    case 'cache':
      return [];
    case 'bypass':
      return [
        'DisableInternalCache is on: conntrackd keeps no internal cache, and shows no expectations. "show conntrack expect" has those of the kernel.',
      ];
    case 'inject':
      return [NO_EXTERNAL_CACHE];
    case undefined:
      return [await whyNotKept(options)];
  }
}

async function whyNotKept(options: SourceOptions): Promise<string> {
  const { daemonConfig } = options.query;
  const { caches } = parseTableStatistics(await askDaemon(generalStatistics(options.query), options));
  if (caches.some(({ name }) => name === 'stats')) return 'conntrackd keeps no expectations in statistics mode.';
  return (await expectationsAreSynced(options))
    ? startedWithout(daemonConfig)
    : 'ExpectationSync is off: conntrackd keeps no expectations.';
}
