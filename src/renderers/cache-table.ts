import type { Flow } from '../model/flow.js';
import { type Column, ColumnLayout } from './columns.js';
import { countOf, stateOf } from './dump-footer.js';
import { duration } from './duration.js';
import { NOTHING, writeDestination, writeProtocol, writeSource } from './flow-cells.js';
import type { FlowSource } from './flow-table.js';
import { BufferedSink, type Sink } from './sink.js';
import type { TextBuffer } from './text-buffer.js';
import { theme } from './theme.js';

const MOST = 60;

/** One of conntrackd's caches: a row for each flow as it comes, and a count line. */
export async function renderCacheTable(flows: FlowSource, name: string, sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  let layout: ColumnLayout<Flow> | undefined;
  for await (const batch of flows.batches()) {
    const first = layout === undefined;
    layout ??= new ColumnLayout(COLUMNS, batch, sink.columns);
    if (first) out.text(`${theme(sink.colour).heading(layout.header().trimEnd())}\n`);
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
  column('SOURCE', (out, flow) => writeSource(out, flow, flow.original)),
  column('DESTINATION', (out, flow) => writeDestination(out, flow, flow.original)),
  column('PROTOCOL', writeProtocol),
  column('STATE', writeState),
  column('REPLY or NAT', writeReply),
  column('CACHED FOR', (out, flow) =>
    out.text(flow.active_since === undefined ? NOTHING : duration(flow.active_since)),
  ),
];

function column(title: string, write: (out: TextBuffer, flow: Flow) => unknown): Column<Flow> {
  return { title, width: title.length + 1, most: MOST, write };
}

/** The protocol's state, and what conntrackd says in brackets. */
function writeState(out: TextBuffer, { state, status }: Flow): void {
  const words = [...(state === undefined ? [] : [state]), ...status];
  out.text(words.join(' ') || NOTHING);
}

/** What is translated, or that replies mirror the original; the external cache has no reply tuple to tell it from. */
function writeReply(out: TextBuffer, flow: Flow): void {
  const { reply, nat } = flow;
  if (reply === undefined) out.text(NOTHING);
  else if (nat === undefined) out.text('mirrored');
  else {
    nat.forEach((side, i) => {
      out.text(i === 0 ? side : ` ${side}`).text(' ');
      if (side === 'snat') writeDestination(out, flow, reply);
      else writeSource(out, flow, reply);
    });
  }
}
