import type { Flow } from '../model/flow.js';
import { type Column, ColumnLayout } from './columns.js';
import { countOf, stateOf } from './dump-footer.js';
import { duration } from './duration.js';
import { destination, NOTHING, protocol, source } from './flow-cells.js';
import type { FlowSource } from './flow-table.js';
import { BufferedSink, type Sink } from './sink.js';
import { theme } from './theme.js';

const MOST = 60;

/** One of conntrackd's caches: a row for each flow as it comes, and a count line. */
export async function renderCacheTable(flows: FlowSource, name: string, sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  let layout: ColumnLayout<Flow> | undefined;
  for await (const batch of flows.batches()) {
    const first = layout === undefined;
    layout ??= new ColumnLayout(COLUMNS, batch, sink.columns);
    if (first) out.text(theme(sink.colour).heading(layout.header()));
    for (const flow of batch) {
      layout.write(flow, out);
      if (out.full) await out.flush();
    }
    if (first) await out.flush();
  }
  const verdict = flows.verdict();
  const state = stateOf(verdict);
  const counted = `${countOf(verdict)} in the ${name} cache`;
  out.text(`${layout ? '\n' : ''}${state === undefined ? counted : `${counted}, ${state}`}.\n`);
  await out.flush();
}

const COLUMNS: readonly Column<Flow>[] = [
  column('SOURCE', (flow) => source(flow)),
  column('DESTINATION', (flow) => destination(flow)),
  column('PROTOCOL', protocol),
  column('STATE', stateCell),
  column('REPLY or NAT', replyCell),
  column('CACHED FOR', (flow) => (flow.active_since === undefined ? NOTHING : duration(flow.active_since))),
];

function column(title: string, cell: (flow: Flow) => string): Column<Flow> {
  return { title, width: title.length + 1, most: MOST, cell };
}

/** The protocol's state, and what conntrackd says in brackets. */
function stateCell(flow: Flow): string {
  const words = [...(flow.state === undefined ? [] : [flow.state]), ...flow.status];
  return words.join(' ') || NOTHING;
}

/** What is translated, or that replies mirror the original; the external cache has no reply tuple to tell it from. */
function replyCell(flow: Flow): string {
  if (flow.reply === undefined) return NOTHING;
  if (flow.nat === undefined) return 'mirrored';
  const parts = flow.nat.map((side) =>
    side === 'snat' ? `snat ${destination(flow, flow.reply)}` : `dnat ${source(flow, flow.reply)}`,
  );
  return parts.join(' ');
}
