import type { ActiveLinkStatistics } from '../model/statistics.js';
import { linkTraffic, transportOf } from './link-traffic.js';
import type { StatisticsBlock } from './statistics-blocks.js';

/** The link block of `-s` and `-s network`, once it is known to be whole. */
export function activeLink(block: StatisticsBlock & { of: 'link' }): ActiveLinkStatistics {
  const { device, server, client } = block;
  return {
    transport: transportOf(block.transport),
    ...(device !== '' && { device }),
    ...(server !== undefined && { server }),
    ...(client !== undefined && { client }),
    sent: linkTraffic(block.lines, 'sent'),
    received: linkTraffic(block.lines, 'received'),
  };
}
