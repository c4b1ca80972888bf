import { flagNames, type FlowRow, natNames } from '../model/flow-row.js';
import { type Column, ColumnLayout } from './columns.js';
import { countOf, stateOf } from './dump-footer.js';
import { duration } from './duration.js';
import { NOTHING, writeDestination, writeProtocol, writeSource } from './flow-cells.js';
import type { FlowStream } from '../model/flow-stream.js';
import { BufferedSink, type Sink } from './sink.js';
import type { TextBuffer } from './text-buffer.js';
import { theme } from './theme.js';
import { writeFlows } from './write-flows.js';

const MOST = 60;

/** One of conntrackd's caches: a row for each flow as it comes, and a count line. */
export async function renderCacheTable(flows: FlowStream, name: string, sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  let layout: ColumnLayout<FlowRow> | undefined;
  const rows = await writeFlows(
    flows,
    out,
    (row) => layout!.write(row, out),
    (batch) => {
      layout = new ColumnLayout(COLUMNS, batch, sink.columns);
      out.text(`${theme(sink.colour).heading(layout.header().trimEnd())}\n`);
    },
  );
  const verdict = flows.verdict();
  const state = stateOf(verdict);
  const counted = `${countOf(verdict)} in the ${name} cache`;
  out.text(`${rows > 0 ? '\n' : ''}${state === undefined ? counted : `${counted}, ${state}`}.\n`);
  await out.flush();
}

const COLUMNS: readonly Column<FlowRow>[] = [
  column('SOURCE', (out, row) => writeSource(out, row, row.original)),
  column('DESTINATION', (out, row) => writeDestination(out, row, row.original)),
  column('PROTOCOL', writeProtocol),
  column('STATE', writeState),
  column('REPLY or NAT', writeReply),
  column('CACHED FOR', (out, row) => out.text(row.activeSince.given ? duration(row.number(row.activeSince)) : NOTHING)),
];

function column(title: string, write: (out: TextBuffer, row: FlowRow) => unknown): Column<FlowRow> {
  return { title, width: title.length + 1, most: MOST, write };
}

/** The protocol's state, and what conntrackd says in brackets. */
function writeState(out: TextBuffer, row: FlowRow): void {
  const words = [...(row.state.given ? [row.text(row.state)] : []), ...flagNames(row.status)];
  out.text(words.join(' ') || NOTHING);
}

/** What is translated, or that replies mirror the original; the external cache has no reply tuple to tell it from. */
function writeReply(out: TextBuffer, row: FlowRow): void {
  const { reply } = row;
  const nat = natNames(row.nat());
  if (!reply.src.given) out.text(NOTHING);
  else if (nat.length === 0) out.text('mirrored');
  else {
    nat.forEach((side, i) => {
      out.text(i === 0 ? side : ` ${side}`).text(' ');
      if (side === 'snat') writeDestination(out, row, reply);
      else writeSource(out, row, reply);
    });
  }
}
