import type { MessageQueue, QueuePage } from '../../model/daemon-pages.js';
import type { QueuePageRates } from '../../model/daemon-rates.js';
import type { Counter } from '../../model/number.js';
import { escapeControl } from '../escape.js';
import { type Block, column, counter, extraBlock, type Row } from './rows.js';

/** The `-s queue` page. */
export function queueBlocks(page: QueuePage, rates: QueuePageRates | undefined): Block[] {
  const { allocated_nodes: nodes, queues, extra } = page;
  return [
    { rows: [size('allocated queue nodes', nodes)] },
    ...queues.map((queue) => queueBlock(queue, rates?.queues.find(({ name }) => name === queue.name)?.no_space)),
    ...extraBlock(extra),
  ];
}

function queueBlock({ name, elements, limit, no_space: full }: MessageQueue, rate: number | undefined): Block {
  const words = 'not enough space errors';
  return {
    title: `queue ${escapeControl(name)}:`,
    rows: [
      size('current elements', elements),
      size('maximum elements', limit),
      { text: line(words, full), figures: [counter(words, full, rate)] },
    ],
  };
}

function size(name: string, value: Counter): Row {
  return { text: line(name, value), figures: [{ name, value }] };
}

const NAME_WIDTH = 32;

function line(name: string, value: Counter): string {
  return `${name}:`.padEnd(NAME_WIDTH) + column(value);
}
