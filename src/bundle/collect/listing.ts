import type { SourceOptions } from '../../sources/options.js';
import { commandLine } from '../../sources/tool.js';
import { wantedOnce } from './once.js';
import { type CollectQuestion, countersOf } from './wanted.js';

/** What would be collected: its name in the bundle, and the command or the file that it comes from. */
export interface PlannedItem {
  name: string;
  from: string;
}

/** All that would be collected of each node, in this order. */
export async function listingOf(question: CollectQuestion, options: SourceOptions): Promise<PlannedItem[]> {
  const once = await wantedOnce(question, options);
  return [...countersOf(options, 1), ...once, ...countersOf(options, 2)].map(({ name, from }) => ({
    name,
    from: 'path' in from ? from.path : commandLine(from),
  }));
}
