import type { NetworkPage } from '../../model/daemon-pages.js';
import type { NetworkRates } from '../../model/daemon-rates.js';
import type { Counter } from '../../model/number.js';
import { activeLinkBlock } from './link.js';
import { type Block, column, counter, extraBlock, indented, named, plain, type Row } from './rows.js';

const RECEIVED: readonly (readonly [keyof NetworkPage['received'], string])[] = [
  ['malformed', 'Malformed messages'],
  ['wrong_version', 'Wrong protocol version'],
  ['malformed_header', 'Malformed header'],
  ['malformed_payload', 'Malformed payload'],
  ['bad_type', 'Bad message type'],
  ['truncated', 'Truncated message'],
  ['bad_size', 'Bad message size'],
];

/** The `-s network` page. */
export function networkBlocks(page: NetworkPage, rates: NetworkRates | undefined): Block[] {
  const { received, sent, sequence, link, extra } = page;
  return [
    {
      title: 'network statistics:',
      rows: [
        plain(indented('recv:', 1)),
        ...RECEIVED.map(([key, name]) => messageRow(name, received[key], rates?.received[key])),
        plain(indented('send:', 1)),
        messageRow('Malformed messages', sent.malformed, rates?.sent.malformed),
      ],
    },
    {
      title: 'sequence tracking statistics:',
      rows: [
        plain(indented('recv:', 1)),
        messageRow('Packets lost', sequence.lost, rates?.sequence.lost),
        messageRow('Packets before', sequence.before, rates?.sequence.before),
      ],
    },
    activeLinkBlock(link, rates?.link),
    ...extraBlock(extra),
  ];
}

function messageRow(name: string, value: Counter, rate: number | undefined): Row {
  return { text: named(name, 2) + column(value, 20), figures: [counter(indented(name, 2), value, rate)] };
}
