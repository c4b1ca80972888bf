import type { NodeTalkers } from '../../model/bundle-summary.js';
import { groupingOf } from '../../query/grouping.js';
import { largestGroups } from '../../query/largest-groups.js';
import { TopGroups } from '../../query/top-groups.js';
import { weighOnce } from '../../query/weighing.js';
import { readTables, tablesOf } from '../contents/flow-tables.js';
import { NodeContents } from '../contents/node-contents.js';

const SHOWN = 10;

/**
 * Who had the most bytes in the kernel's tables of a node, or the most flows where no bytes were counted; undefined where it
 * has no table. Tables are read once, in constant memory.
 *
 * @throws Failure INTERRUPTED
 */
export async function talkersOf(all: NodeContents, abort: AbortSignal): Promise<NodeTalkers | undefined> {
  const contents = new NodeContents(all.bundle, all.node);
  if (tablesOf(contents).length === 0) return undefined;
  const [bytes, flows] = (['bytes', 'flows'] as const).map(
    (metric) => new TopGroups(groupingOf('src'), weighOnce(metric, 0)),
  ) as [TopGroups, TopGroups];
  const { complete, flows: read } = await readTables(contents, { upToCounters: true, abort }, (row) => {
    bytes.add(row);
    flows.add(row);
  });
  const counted = bytes.uncounted < read;
  const top = counted
    ? largestGroups(bytes, { metric: 'bytes', limit: SHOWN })
    : largestGroups(flows, { metric: 'flows', limit: SHOWN });
  const partial = contents.partial.map(({ name }) => `${all.node.name}/${name} is not whole.`);
  const notes = [...partial, ...contents.lacks, ...noteOnAccounting(bytes.uncounted, read)];
  return { node: all.node.name, ...top, complete, ...(notes.length > 0 && { notes }) };
}

function noteOnAccounting(uncounted: number, flows: number): string[] {
  if (uncounted === 0) return [];
  return uncounted === flows
    ? ['Bytes were not counted, so these are flows: accounting was off.']
    : [`The bytes of ${uncounted} of the ${flows} flows were not counted: accounting was off when they began.`];
}
