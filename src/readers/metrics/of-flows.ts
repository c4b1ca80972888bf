import type { Family } from '../../model/flow.js';
import type { Follow } from '../../model/flow-stream.js';
import { FlowCensus } from '../../query/flow-census.js';
import type { SourceOptions } from '../../sources/options.js';
import { tableQuestion } from '../table-question.js';
import type { MetricSet } from './metric-set.js';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/**
 * What only a look at every flow can tell, in one dump of each family and in constant memory.
 *
 * @throws Failure also where the dump is not whole: numbers that are too small would look like good ones
 */
export async function flowMetrics(source: SourceOptions, follow: Follow, metrics: MetricSet): Promise<void> {
  const flows = follow(await tableQuestion(FAMILIES, {}, source).matching({ whole: true }));
  const census = new FlowCensus();
  for await (const rows of flows.batches()) for (const row of rows) census.add(row);
  const { failure } = flows.verdict();
  if (failure) throw failure;
  for (const { flows: count, ...kind } of census.all) metrics.add('nf_conntrack_flows', count, { ...kind });
  for (const [flag, count] of census.flags) metrics.add('nf_conntrack_flows_flagged', count, { flag });
}
