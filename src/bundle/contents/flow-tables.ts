import type { BundleItem } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import type { FlowRow } from '../../model/flow-row.js';
import type { Family } from '../../model/flow.js';
import { FlowReading } from '../../readers/flow-reading.js';
import type { NodeContents } from './node-contents.js';

/** How the kernel's tables of a node are to be read. */
export interface TableReading {
  /** Nothing is wanted of a flow that its line has behind its counters. */
  upToCounters?: boolean;
  abort: AbortSignal;
}

/** What is known of the tables once they were read. */
export interface TablesRead {
  /** Whether both are there as a whole. */
  complete: boolean;
  flows: number;
  /** Lines that are no flows. */
  unreadable: number;
}

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/** The kernel's tables of a node that are there, by their families. */
export function tablesOf(contents: NodeContents): { family: Family; item: BundleItem }[] {
  return FAMILIES.flatMap((family) => {
    const item = contents.intact(`kernel/table-${family}.txt`);
    return item === undefined || (item.bytes === 0 && !item.complete) ? [] : [{ family, item }];
  });
}

/**
 * Reads the kernel's tables of a node flow by flow, in constant memory. Why they are not whole, `contents` has a sentence for.
 *
 * @throws Failure INTERRUPTED
 */
export async function readTables(
  contents: NodeContents,
  { upToCounters = false, abort }: TableReading,
  take: (row: FlowRow) => void,
): Promise<TablesRead> {
  const tables = tablesOf(contents);
  const reading = new FlowReading(
    tables.map(({ family, item }) => ({
      chunks: untilAborted(contents.bundle.read(item), abort),
      family,
      judge: (tally) => {
        if (tally.cut) contents.lack(`${contents.node.name}/${item.name} ends in the middle of a line.`);
        return Promise.resolve({ complete: item.complete && !tally.cut });
      },
    })),
    { upToCounters },
  );
  for await (const rows of reading.batches()) for (const row of rows) take(row);
  if (abort.aborted) throw Failure.interrupted();
  const { summary, complete, failure } = reading.verdict();
  if (failure) contents.lack(failure.message);
  if (summary.unreadable > 0)
    contents.lack(`${unreadableLines(summary.unreadable)} in the tables of ${contents.node.name}.`);
  return {
    complete: tables.length === FAMILIES.length && complete === true && summary.unreadable === 0,
    flows: summary.shown,
    unreadable: summary.unreadable,
  };
}

function unreadableLines(count: number): string {
  return count === 1 ? '1 line can not be read as a flow' : `${count} lines can not be read as flows`;
}

async function* untilAborted(chunks: AsyncIterable<Buffer>, abort: AbortSignal): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (abort.aborted) throw Failure.interrupted();
    yield chunk;
  }
}
