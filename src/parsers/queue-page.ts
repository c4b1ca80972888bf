import type { MessageQueue, QueuePage } from '../model/daemon-pages.js';
import { type LineForm, PageBlock } from './page-block.js';
import {
  cutShort,
  moreThanOnePage,
  notThisPage,
  refuseTornBlock,
  refuseUnfinished,
  refuseUntitled,
} from './page-failure.js';
import { isBlank, linesOfPage } from './page-lines.js';

const QUERY = 'conntrackd -s queue';
const WHEN_EMPTY = 'a conntrackd that does not synchronise (no Sync section) has no queues';

const ALLOCATED: readonly LineForm[] = [
  { name: 'allocated queue nodes', pattern: /^\s*allocated queue nodes\s*:\s*(?<allocated_nodes>\d+)\s*$/ },
];
const TITLE = /^queue (\S.*):\s*$/;
const QUEUE: readonly LineForm[] = [
  { name: 'current elements', pattern: /^\s*current elements\s*:\s*(?<elements>\d+)\s*$/ },
  { name: 'maximum elements', pattern: /^\s*maximum elements\s*:\s*(?<limit>\d+)\s*$/ },
  { name: 'not enough space errors', pattern: /^\s*not enough space errors\s*:\s*(?<no_space>\d+)\s*$/ },
];
/** The queues that every mode which synchronises has. */
const ALWAYS = ['txqueue', 'errorq'] as const;

/**
 * conntrackd's `-s queue` page (formats.md §10). A page without the whole block of its last queue, `rsqueue`, can't be told
 * from that of a daemon which is not in FTFW mode; if anything else is missing, it is refused.
 *
 * @param text The page as printed, decoded as latin1.
 * @throws Failure `BAD_ANSWER` if the text is empty, no such page, not whole, or more than one page.
 */
export function parseQueuePage(text: string): QueuePage {
  const nodes = new PageBlock('allocated queue nodes', ALLOCATED);
  const queues = new Map<string, PageBlock>();
  const extra: string[] = [];
  let current: PageBlock | undefined;
  for (const line of linesOfPage(text)) {
    const [, name] = TITLE.exec(line) ?? [];
    if (name !== undefined) {
      if (queues.has(name)) throw moreThanOnePage(QUERY, `queue ${name}`);
      current = new PageBlock(`queue ${name}`, QUEUE);
      queues.set(name, current);
    } else if (isBlank(line)) {
      current = undefined;
    } else if (!current?.take(line) && !nodes.take(line)) {
      if (current === undefined) refuseUntitled(QUERY, line, QUEUE);
      // What stands below a title that ctsync does not know is as unknown.
      current ??= new PageBlock(line, []);
      extra.push(line);
    }
  }
  if (queues.size === 0 && nodes.missing() !== undefined) throw notThisPage(QUERY, text, WHEN_EMPTY);
  for (const block of [nodes, ...queues.values()]) refuseTornBlock(QUERY, block);
  const missing = ALWAYS.find((name) => !queues.has(name));
  if (missing !== undefined) throw cutShort(QUERY, `the block "queue ${missing}" is missing`);
  refuseUnfinished(QUERY, text);
  return {
    allocated_nodes: nodes.required('allocated_nodes'),
    queues: [...queues].map(messageQueue),
    ...(extra.length > 0 && { extra }),
  };
}

function messageQueue([name, lines]: [string, PageBlock]): MessageQueue {
  return {
    name,
    elements: lines.required('elements'),
    limit: lines.required('limit'),
    no_space: lines.required('no_space'),
  };
}
