import type { Counter } from '../model/number.js';
import type {
  ActiveLinkStatistics,
  CacheStatistics,
  LinkTraffic,
  Operations,
  SyncStatistics,
  TableStatistics,
} from '../model/statistics.js';
import { escapeControl } from './escape.js';

/**
 * The statistics page: conntrackd's own words in conntrackd's own columns, with its tabs as spaces. Lines that ctsync
 * does not know stand at the end of their table.
 *
 * @returns The page with a line end after its last line.
 */
export function renderStatisticsPage({ main, expect }: SyncStatistics): string {
  const tables = [titled('Main Table Statistics', main)];
  if (expect !== undefined) tables.push(titled('Expect Table Statistics', expect));
  return tables.join('\n');
}

function titled(title: string, table: TableStatistics): string {
  return [[`${title}:`], ...blocksOf(table)].map((block) => `${block.join('\n')}\n`).join('\n');
}

function blocksOf(table: TableStatistics): string[][] {
  const { traffic_processed: traffic, link, messages, extra } = table;
  const blocks = table.caches.map(cacheBlock);
  if (traffic) blocks.push(['traffic processed:', figures(traffic.bytes, 'Bytes     ', traffic.packets, 'Pckts')]);
  if (link) blocks.push([linkTitle(link), ...linkFigures(link.sent, link.received)]);
  if (messages) {
    blocks.push(['message tracking:', figures(messages.malformed, 'Malformed msgs', messages.lost, 'Lost msgs')]);
  }
  if (extra) blocks.push(['other lines of the page:', ...extra.map((line) => `  ${escapeControl(line)}`)]);
  return blocks;
}

function cacheBlock(cache: CacheStatistics): string[] {
  const name = escapeControl(cache.name);
  const title = cache.kind === 'cache' ? `cache ${name}:` : `${name} ${cache.kind}:`;
  const made = cache.kind === 'bypass' ? 'connections new' : 'connections created';
  return [
    title,
    ...(cache.active === undefined ? [] : [count('current active connections', { total: cache.active })]),
    count(made, cache.created),
    count('connections updated', cache.updated),
    count('connections destroyed', cache.destroyed),
  ];
}

const NAME_WIDTH = 32;
const COUNT_WIDTH = 12;
const FIGURE_WIDTH = 20;

function count(name: string, { total, failed }: Operations): string {
  const counted = `${name}:`.padEnd(NAME_WIDTH) + String(total).padStart(COUNT_WIDTH);
  return failed === undefined ? counted : `${counted}    failed: ${String(failed).padStart(COUNT_WIDTH)}`;
}

function linkTitle({ transport, device = '', server, client }: ActiveLinkStatistics): string {
  const name = transport === 'multicast' ? transport : transport.toUpperCase();
  const peers = `${server === undefined ? '' : ` server=${server}`}${client === undefined ? '' : ` client=${client}`}`;
  return `${name} traffic (active device=${escapeControl(device)})${peers}:`;
}

function linkFigures(sent: LinkTraffic, received: LinkTraffic): string[] {
  return [
    figures(sent.bytes, 'Bytes sent', received.bytes, 'Bytes recv'),
    figures(sent.packets, 'Pckts sent', received.packets, 'Pckts recv'),
    figures(sent.errors, 'Error send', received.errors, 'Error recv'),
  ];
}

function figures(left: Counter, leftName: string, right: Counter, rightName: string): string {
  return `${String(left).padStart(FIGURE_WIDTH)} ${leftName} ${String(right).padStart(FIGURE_WIDTH)} ${rightName}`;
}
