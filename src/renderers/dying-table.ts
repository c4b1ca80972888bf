import { type FlowSource, renderFlowTable } from './flow-table.js';
import type { Sink } from './sink.js';

const WHY_EMPTY = `A flow that has ended stays in this list only while a listener that asked for
reliable events (conntrackd with NetlinkEventsReliable) has not taken the news.
`;

/** The dying flows, shown as the flow table is, with a word on why there are none. */
export async function renderDyingTable(flows: FlowSource, wide: boolean, sink: Sink): Promise<void> {
  await renderFlowTable(flows, 'dying', wide, sink);
  const { summary, tracking, complete } = flows.verdict();
  if (summary.shown === 0 && complete === true && tracking === undefined) await sink.write(`\n${WHY_EMPTY}`);
}
