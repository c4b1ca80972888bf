import type { LinkTraffic } from '../model/statistics.js';
import type { LineForm, PageBlock } from './page-block.js';

/** The three lines of figures below the title of a dedicated link, in `-s` and `-s link` alike (formats.md §10). */
export const LINK_TRAFFIC: readonly LineForm[] = [
  { name: 'Bytes sent', pattern: /^\s*(?<sent_bytes>\d+)\s+Bytes sent\s+(?<received_bytes>\d+)\s+Bytes recv\s*$/ },
  { name: 'Pckts sent', pattern: /^\s*(?<sent_packets>\d+)\s+Pckts sent\s+(?<received_packets>\d+)\s+Pckts recv\s*$/ },
  { name: 'Error send', pattern: /^\s*(?<sent_errors>\d+)\s+Error send\s+(?<received_errors>\d+)\s+Error recv\s*$/ },
];

/** One direction of a block that has all of {@link LINK_TRAFFIC}. */
export function linkTraffic(block: PageBlock, direction: 'sent' | 'received'): LinkTraffic {
  return {
    bytes: block.required(`${direction}_bytes`),
    packets: block.required(`${direction}_packets`),
    errors: block.required(`${direction}_errors`),
  };
}

/** A transport in the model's spelling: the pages say `multicast`, `UDP` and `TCP`. */
export function transportOf(printed: string): 'multicast' | 'udp' | 'tcp' {
  if (printed === 'UDP') return 'udp';
  return printed === 'TCP' ? 'tcp' : 'multicast';
}
