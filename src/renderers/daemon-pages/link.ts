import type { LinkPageRates, LinkRates } from '../../model/daemon-rates.js';
import type { DedicatedLink, LinkPage } from '../../model/link.js';
import type { ActiveLinkStatistics, LinkTraffic } from '../../model/statistics.js';
import { escapeControl } from '../escape.js';
import { pairRow } from './pair-row.js';
import { type Block, extraBlock, type Row } from './rows.js';

/** The `-s link` page: a block for each link. */
export function linkBlocks({ links, extra }: LinkPage, rates: LinkPageRates | undefined): Block[] {
  return [...links.map((link, i) => linkBlock(link, rates?.links[i])), ...extraBlock(extra)];
}

function linkBlock(link: DedicatedLink, rates: LinkRates | undefined): Block {
  const { device = '', status, role } = link;
  const state = `device=${escapeControl(device)} status=${escapeControl(status)} role=${escapeControl(role)}`;
  return { title: `${nameOf(link)} traffic ${state}:`, rows: trafficRows(link, rates) };
}

/** The block of the link in use, on the general page and on that of the network. */
export function activeLinkBlock(link: ActiveLinkStatistics, rates: LinkRates | undefined): Block {
  const { device = '', server, client } = link;
  const peers = `${server === undefined ? '' : ` server=${server}`}${client === undefined ? '' : ` client=${client}`}`;
  return {
    title: `${nameOf(link)} traffic (active device=${escapeControl(device)})${peers}:`,
    rows: trafficRows(link, rates),
  };
}

function nameOf({ transport }: Pick<DedicatedLink, 'transport'>): string {
  return transport === 'multicast' ? transport : transport.toUpperCase();
}

const UNITS = [
  ['bytes', 'Bytes sent', 'Bytes recv'],
  ['packets', 'Pckts sent', 'Pckts recv'],
  ['errors', 'Error send', 'Error recv'],
] as const;

function trafficRows(
  { sent, received }: { sent: LinkTraffic; received: LinkTraffic },
  rates: LinkRates | undefined,
): Row[] {
  return UNITS.map(([unit, sentName, receivedName]) =>
    pairRow(
      { name: sentName, value: sent[unit], rate: rates?.sent[unit] },
      { name: receivedName, value: received[unit], rate: rates?.received[unit] },
    ),
  );
}
