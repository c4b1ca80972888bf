import type { CacheRates, OperationRates, TableRates } from '../../model/daemon-rates.js';
import type { CacheStatistics, Operations, TableStatistics } from '../../model/statistics.js';
import { escapeControl } from '../escape.js';
import { activeLinkBlock } from './link.js';
import { pairRow } from './pair-row.js';
import { type Block, column, counter, extraBlock, type Row } from './rows.js';

/** The general page: conntrackd's own words in its own columns, with its tabs as spaces. */
export function tableBlocks(table: TableStatistics, rates: TableRates | undefined): Block[] {
  const { caches, link, extra } = table;
  return [
    ...caches.map((cache) =>
      plainCacheBlock(
        cache,
        rates?.caches.find(({ name }) => name === cache.name),
      ),
    ),
    ...trafficBlock(table, rates),
    ...(link ? [activeLinkBlock(link, rates?.link)] : []),
    ...messagesBlock(table, rates),
    ...extraBlock(extra),
  ];
}

/** A cache, or what stands in its place, as the general page has it. */
export function plainCacheBlock(cache: CacheStatistics, rates: CacheRates | undefined): Block {
  const name = escapeControl(cache.name);
  const made = cache.kind === 'bypass' ? 'connections new' : 'connections created';
  return {
    title: cache.kind === 'cache' ? `cache ${name}:` : `${name} ${cache.kind}:`,
    rows: [
      ...(cache.active === undefined ? [] : [active(cache.active)]),
      operationsRow(made, cache.created, rates?.created),
      operationsRow('connections updated', cache.updated, rates?.updated),
      operationsRow('connections destroyed', cache.destroyed, rates?.destroyed),
    ],
  };
}

const NAME_WIDTH = 32;

function active(value: NonNullable<CacheStatistics['active']>): Row {
  const name = 'current active connections';
  return { text: `${name}:`.padEnd(NAME_WIDTH) + column(value), figures: [{ name, value }] };
}

function operationsRow(name: string, { total, failed }: Operations, rates: OperationRates | undefined): Row {
  const counted = `${name}:`.padEnd(NAME_WIDTH) + column(total);
  const figure = counter(name, total, rates?.total);
  if (failed === undefined) return { text: counted, figures: [figure] };
  return {
    text: `${counted}    failed: ${column(failed)}`,
    figures: [figure, counter(`${name}, failed`, failed, rates?.failed)],
  };
}

function trafficBlock({ traffic_processed: traffic }: TableStatistics, rates: TableRates | undefined): Block[] {
  if (traffic === undefined) return [];
  const row = pairRow(
    { name: 'Bytes     ', value: traffic.bytes, rate: rates?.traffic_processed?.bytes },
    { name: 'Pckts', value: traffic.packets, rate: rates?.traffic_processed?.packets },
  );
  return [{ title: 'traffic processed:', rows: [row] }];
}

function messagesBlock({ messages }: TableStatistics, rates: TableRates | undefined): Block[] {
  if (messages === undefined) return [];
  const row = pairRow(
    { name: 'Malformed msgs', value: messages.malformed, rate: rates?.messages?.malformed },
    { name: 'Lost msgs', value: messages.lost, rate: rates?.messages?.lost },
  );
  return [{ title: 'message tracking:', rows: [row] }];
}
