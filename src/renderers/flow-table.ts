import type { DumpVerdict } from '../model/dump.js';
import type { Family } from '../model/flow.js';
import type { FlowRow } from '../model/flow-row.js';
import { type Column, ColumnLayout } from './columns.js';
import { footer } from './dump-footer.js';
import { writeDestination, writeField, writeProtocol, writeSource, writeTimeout } from './flow-cells.js';
import { StateCodes, TCP_LEGEND } from './flow-state.js';
import { BufferedSink, type Sink } from './sink.js';
import type { TextBuffer } from './text-buffer.js';
import { theme } from './theme.js';
import { wideColumns } from './wide-columns.js';

/** A dump on its way, as the readers give it. */
export interface FlowSource {
  batches(): AsyncIterable<FlowRow[]>;
  /** Meaningful once the batches have ended. */
  verdict(): DumpVerdict;
}

/** An IPv6 endpoint is at most `[39 characters]:65535`, and one character stands between the columns. */
const WIDEST_ENDPOINT = 48;

/**
 * The flow table as the documentation shows it: legend, header, and a row for each flow as it comes.
 *
 * @param wide every field in a column of its own, full state names, no legend
 */
export async function renderFlowTable(flows: FlowSource, family: Family, wide: boolean, sink: Sink): Promise<void> {
  const codes = new StateCodes();
  const columns = wide ? wideColumns() : narrowColumns(family, codes);
  const out = new BufferedSink(sink);
  let layout: ColumnLayout<FlowRow> | undefined;
  for await (const batch of flows.batches()) {
    const first = layout === undefined;
    layout ??= new ColumnLayout(columns, batch, sink.columns);
    if (first) out.text(heading(layout, wide, sink.colour));
    for (const row of batch) {
      // No await for each row: it would cost more than the row.
      layout.write(row, out);
      if (out.full) await out.flush();
    }
    if (first) await out.flush();
  }
  const verdict = flows.verdict();
  const name = family === 'ipv4' ? 'IPv4' : 'IPv6';
  if (!layout) out.text(`No ${name} flows.\n`);
  const legend = codes.legend();
  if (legend !== '') out.text(`\n${legend}`);
  if (layout || verdict.complete !== true) out.text(footer(verdict, layout !== undefined));
  await out.flush();
}

function heading(layout: ColumnLayout<FlowRow>, wide: boolean, colour: boolean): string {
  const { faint, heading: bold } = theme(colour);
  return `${wide ? '' : `${faint(TCP_LEGEND.trimEnd())}\n\n`}${bold(layout.header().trimEnd())}\n`;
}

/** The documentation's columns, 11, 23, 23 and 17 characters wide; IPv6 addresses take what they need. */
function narrowColumns(family: Family, codes: StateCodes): Column<FlowRow>[] {
  const most = family === 'ipv6' ? { most: WIDEST_ENDPOINT } : {};
  return [
    { title: 'CONN ID', width: 11, write: (out, row) => writeField(out, row, row.id) },
    { title: 'Source', width: 23, ...most, write: (out, row) => writeSource(out, row, row.original) },
    { title: 'Destination', width: 23, ...most, write: (out, row) => writeDestination(out, row, row.original) },
    { title: 'Protocol', width: 17, write: (out, row) => writeProtocolAndCode(out, row, codes) },
    { title: 'TIMEOUT', width: 8, write: writeTimeout },
  ];
}

function writeProtocolAndCode(out: TextBuffer, row: FlowRow, codes: StateCodes): void {
  writeProtocol(out, row);
  const code = codes.codeOf(row);
  if (code !== '') out.text(' ').text(code);
}
