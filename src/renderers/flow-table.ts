import type { DumpSummary } from '../model/dump.js';
import type { Family } from '../model/flow.js';
import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import { type Column, ColumnLayout } from './columns.js';
import { footer } from './dump-footer.js';
import { fittingColumns } from './fitting-columns.js';
import { writeDestination, writeField, writeProtocol, writeSource, writeTimeout } from './flow-cells.js';
import { type FlowColumn, styleOf, WIDE_COLUMNS } from './flow-columns.js';
import { StateCodes, TCP_LEGEND } from './flow-state.js';
import { folded } from './fold-lists.js';
import { BufferedSink, type Sink } from './sink.js';
import type { TextBuffer } from './text-buffer.js';
import { theme } from './theme.js';
import { writeFlows } from './write-flows.js';

/** Which flows a table is of: those of one family or of both, or the dying ones. */
export type TableOf = readonly Family[] | 'dying';

/** How a flow table is to look. */
export interface TableView {
  of: TableOf;
  /** The documentation's columns, or every field in a column of its own. */
  width: 'narrow' | 'wide';
  /** These columns instead, in their order, whether they fit or not. */
  columns?: readonly FlowColumn[] | undefined;
}

/** An IPv6 endpoint is at most `[39 characters]:65535`, and one character stands between the columns. */
const WIDEST_ENDPOINT = 48;

const WHY_NONE_DYING = `A flow that has ended stays in this list only while a listener that asked for
reliable events (conntrackd with NetlinkEventsReliable) has not taken the news.
`;

/** The flow table: a header, a row for each flow as it comes, and what is known of them all. */
export async function renderFlowTable(flows: FlowStream, view: TableView, sink: Sink): Promise<void> {
  const codes = new StateCodes();
  const out = new BufferedSink(sink);
  const colours = theme(sink.colour);
  let layout: ColumnLayout<FlowRow> | undefined;
  const rows = await writeFlows(
    flows,
    out,
    (row) => layout!.write(row, out),
    (batch) => {
      const { columns, legend } = columnsFor(view, codes, batch, sink.columns);
      layout = new ColumnLayout(columns, batch, sink.columns, colours);
      if (legend !== '') out.text(`${colours.faint(legend)}\n\n`);
      out.text(`${colours.heading(layout.header().trimEnd())}\n`);
    },
  );
  const verdict = flows.verdict();
  if (rows === 0 && verdict.complete !== false) out.text(`${none(view.of, verdict.summary)}\n`);
  if (rows === 0 && view.of === 'dying' && verdict.complete && !verdict.tracking) out.text(`\n${WHY_NONE_DYING}`);
  const legend = codes.legend();
  if (legend !== '') out.text(`\n${legend}`);
  out.text(footer(verdict, rows > 0));
  await out.flush();
}

/** What an empty table says: no flow at all is not the same as none that was asked for. */
function none(of: TableOf, { scanned, table_size, limited }: DumpSummary): string {
  const others = limited || (scanned === undefined ? table_size !== 0 : scanned > 0);
  return `No ${nameOf(of)} flows${limited ? ' were asked for' : others ? ' match' : ''}.`;
}

/** The columns, and what stands above their titles. */
function columnsFor(
  { of, width, columns }: TableView,
  codes: StateCodes,
  sample: readonly FlowRow[],
  terminal: number | undefined,
): { columns: readonly Column<FlowRow>[]; legend: string } {
  if (columns) return { columns, legend: '' };
  if (width === 'narrow') return { columns: narrowColumns(of, codes, sample), legend: tcpLegend(terminal) };
  return fittingColumns(WIDE_COLUMNS, sample, terminal);
}

/** The documentation's lines; on a terminal that is narrower than they are, broken between the states. */
function tcpLegend(terminal = Infinity): string {
  const legend = TCP_LEGEND.trimEnd();
  if (legend.split('\n').every((line) => line.length <= terminal)) return legend;
  return folded(legend.replace(/\s+/g, ' '), terminal, { at: 'commas', indent: '  ' });
}

/** The documentation's columns, 11, 23, 23 and 17 characters wide; IPv6 addresses and names take what they need. */
function narrowColumns(of: TableOf, codes: StateCodes, sample: readonly FlowRow[]): Column<FlowRow>[] {
  const named = sample.some(({ names }) => names !== undefined);
  const most = named || of === 'dying' || of.includes('ipv6') ? { most: WIDEST_ENDPOINT } : {};
  return [
    { title: 'CONN ID', width: 11, write: (out, row) => writeField(out, row, row.id) },
    { title: 'Source', width: 23, ...most, write: (out, row) => writeSource(out, row, row.original) },
    { title: 'Destination', width: 23, ...most, write: (out, row) => writeDestination(out, row, row.original) },
    { title: 'Protocol', width: 17, write: (out, row) => writeProtocolAndCode(out, row, codes), style: styleOf },
    { title: 'TIMEOUT', width: 8, write: writeTimeout },
  ];
}

function writeProtocolAndCode(out: TextBuffer, row: FlowRow, codes: StateCodes): void {
  writeProtocol(out, row);
  const code = codes.codeOf(row);
  if (code !== '') out.text(' ').text(code);
}

function nameOf(of: TableOf): string {
  return of === 'dying' ? of : of.map((family) => (family === 'ipv4' ? 'IPv4' : 'IPv6')).join(' or ');
}
