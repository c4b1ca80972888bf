import type { EventFilter } from '../../model/conntrackd-conf.js';
import { Failure } from '../../model/failure.js';
import type { FlowRow } from '../../model/flow-row.js';
import type { Follow, FlowStream } from '../../model/flow-stream.js';
import type { AcceptedFlows } from '../../model/node-observation.js';
import { parseProtocols } from '../../parsers/protocols.js';
import type { SourceOptions } from '../../sources/options.js';
import { acceptedFlows, bothLooks, type CacheCounters, distance, type TableCount } from '../../sync/cache-distance.js';
import { type EventJudge, eventJudge } from '../../sync/event-filter.js';
import { waitBetween, type Waiting } from '../between-readings.js';
import { sampleFlows } from '../cache-sample.js';
import { type CacheSample, restarted } from '../cache-verdict.js';
import { readFlowCache } from '../flow-cache.js';
import { kernelNumber } from '../kernel-number.js';
import { readKernelTable } from '../kernel-table.js';

/** How long a reading is followed, and how it is waited for another one. */
export interface Followed {
  follow: Follow;
  waiting: Waiting;
}

/** Before it is looked a second time. */
const AGAIN_MS = 1000;

/**
 * The internal cache beside the flows of the kernel's table that the filter lets into it. Where they are far apart it is
 * looked a second time, and the cache itself is counted: what a moment did is not found.
 *
 * @throws Failure where the table or the cache can't be read whole, or the daemon was restarted meanwhile
 */
export async function readAccepted(
  filter: EventFilter | undefined,
  { follow, waiting }: Followed,
  options: SourceOptions,
): Promise<AcceptedFlows> {
  const judge = eventJudge(filter, await protocolNames(options));
  const table = (): Promise<TableCount> => countTable(judge, follow, options);
  const first = await look(table, () => internalByCounter(options), options);
  if (distance(first) === undefined) return first;
  await waitBetween(AGAIN_MS, options, waiting);
  return bothLooks(first, await look(table, () => internalByDump(follow, options), options));
}

const PROTOCOLS = '/etc/protocols';

/** Where the file is not there, conntrackd finds no name either. */
async function protocolNames({ place }: SourceOptions): Promise<ReadonlyMap<string, number>> {
  const read = await place.readFile(PROTOCOLS, 'latin1');
  if ('text' in read) return parseProtocols(read.text);
  if (read.unreadable.code === 'ENOENT') return new Map();
  throw new Failure('BAD_ANSWER', `${PROTOCOLS} ${read.unreadable.reason}.`);
}

async function look(
  countFlows: () => Promise<TableCount>,
  countCache: () => Promise<number>,
  options: SourceOptions,
): Promise<AcceptedFlows> {
  const before = await sampleFlows('internal', options);
  const table = await countFlows();
  // What has expired is removed by the dump: the cache is counted next, before much has.
  const internal = await countCache();
  const tracked = await kernelNumber('count', options.place);
  const tableAfter = await countFlows();
  const after = await sampleFlows('internal', options);
  if (restarted(before, after)) throw new Failure('DUMP_INCOMPLETE', 'conntrackd was restarted meanwhile.');
  return acceptedFlows({
    counters: countersOf(before),
    table,
    tracked,
    internal,
    tableAfter,
    countersAfter: countersOf(after),
  });
}

function countersOf({ cache }: CacheSample): CacheCounters {
  if (cache === undefined) throw new Failure('BAD_ANSWER', 'conntrackd shows no internal cache.');
  return { created: cache.created.total, destroyed: cache.destroyed.total };
}

async function countTable(judge: EventJudge, follow: Follow, options: SourceOptions): Promise<TableCount> {
  const count: TableCount = { yes: 0, maybe: 0, no: 0 };
  const flows = await readKernelTable({ families: ['ipv4', 'ipv6'], upToCounters: true }, options);
  await readWhole(follow(flows), (row) => count[judge(row)]++);
  return count;
}

/** conntrackd's own count is that of the lines of `conntrackd -i` (formats.md §9), and costs no dump. */
async function internalByCounter(options: SourceOptions): Promise<number> {
  const { cache } = await sampleFlows('internal', options);
  if (cache?.active === undefined) throw new Failure('BAD_ANSWER', 'conntrackd does not say how large its cache is.');
  return Number(cache.active);
}

async function internalByDump(follow: Follow, options: SourceOptions): Promise<number> {
  let flows = 0;
  await readWhole(
    follow(await readFlowCache('internal', { notesOn: () => Promise.resolve([]) }, options)),
    () => flows++,
  );
  return flows;
}

/** @throws Failure where not all of them came */
async function readWhole(flows: FlowStream, each: (row: FlowRow) => unknown): Promise<void> {
  for await (const rows of flows.batches()) rows.forEach(each);
  const { failure } = flows.verdict();
  if (failure) throw failure;
}
