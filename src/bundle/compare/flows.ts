import type { FlowComparison } from '../../model/bundle-comparison.js';
import { FlowOverlap } from '../../query/flow-overlap.js';
import { readTables, tablesOf } from '../contents/flow-tables.js';
import { NodeContents } from '../contents/node-contents.js';
import type { Both } from './both.js';

/** How flows of two tables compare, and why not all do. */
interface ComparedFlows {
  flows?: FlowComparison;
  flows_lack?: string[];
}

/** No line of conntrack's is shorter by much: what a table needs follows from its bytes, and not from what a manifest says. */
const BYTES_OF_FLOW = 100;

/**
 * Which flows both tables have. Memory is about 11 bytes for each flow of both, whatever its line is like.
 *
 * @throws Failure INTERRUPTED
 */
export async function comparedFlows(both: Both): Promise<ComparedFlows> {
  if (both.incomparable !== undefined) return { flows_lack: [both.incomparable] };
  const [a, b] = [both.a, both.b].map(({ bundle, node }) => new NodeContents(bundle, node)) as [
    NodeContents,
    NodeContents,
  ];
  const [first, second] = [expected(a), expected(b)];
  if (first === undefined || second === undefined) return withoutTable(first, second);
  const overlap = new FlowOverlap({ first, second });
  const reading = { abort: both.abort };
  const readA = await readTables(a, reading, (row) => overlap.addFirst(row));
  const readB = await readTables(b, reading, (row) => overlap.addSecond(row));
  const { sizes, both: common } = overlap;
  const lacks = [...whyNotWhole('A', a, readA.complete), ...whyNotWhole('B', b, readB.complete)];
  return {
    flows: {
      a: sizes.first,
      b: sizes.second,
      both: common,
      only_a: sizes.first - common,
      only_b: sizes.second - common,
    },
    ...(lacks.length > 0 && { flows_lack: lacks }),
  };
}

/** About how many flows the tables have; undefined where there is no table. */
function expected(contents: NodeContents): number | undefined {
  const tables = tablesOf(contents);
  if (tables.length === 0) return undefined;
  return Math.ceil(tables.reduce((bytes, { item }) => bytes + item.bytes, 0) / BYTES_OF_FLOW);
}

function withoutTable(first: number | undefined, second: number | undefined): ComparedFlows {
  if (first === undefined && second === undefined) return {};
  const which = first === undefined ? 'A' : 'B';
  return { flows_lack: [`The kernel's tables are not in ${which}, or were altered: flows were not compared.`] };
}

function whyNotWhole(bundle: string, { lacks, partial }: NodeContents, complete: boolean): string[] {
  if (complete) return [];
  const why = [...partial.map(({ name }) => `${name} is not whole`), ...lacks].join(' ').replace(/\.$/, '');
  return [
    `The kernel's tables are not whole in ${bundle}${why === '' ? '' : ` (${why})`}: flows that are missing look as if they had gone.`,
  ];
}
