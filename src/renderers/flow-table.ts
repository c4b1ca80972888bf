import type { DumpVerdict } from '../model/dump.js';
import type { Family, Flow } from '../model/flow.js';
import { type Column, ColumnLayout } from './columns.js';
import { footer } from './dump-footer.js';
import { writeDestination, writeNumber, writeProtocol, writeSource, writeTimeout } from './flow-cells.js';
import { StateCodes, TCP_LEGEND } from './flow-state.js';
import { BufferedSink, type Sink } from './sink.js';
import type { TextBuffer } from './text-buffer.js';
import { theme } from './theme.js';
import { wideColumns } from './wide-columns.js';

/** A dump on its way, as the readers give it. */
export interface FlowSource {
  batches(): AsyncIterable<Flow[]>;
  /** Meaningful once the batches have ended. */
  verdict(): DumpVerdict;
}

/** Which flows a table is of: those of one family, or the dying ones of both. */
export type TableOf = Family | 'dying';

const NAMES: Readonly<Record<TableOf, string>> = { ipv4: 'IPv4', ipv6: 'IPv6', dying: 'dying' };

/** An IPv6 endpoint is at most `[39 characters]:65535`, and one character stands between the columns. */
const WIDEST_ENDPOINT = 48;

/**
 * The flow table as the documentation shows it: legend, header, and a row for each flow as it comes.
 *
 * @param wide every field in a column of its own, full state names, no legend
 */
export async function renderFlowTable(flows: FlowSource, of: TableOf, wide: boolean, sink: Sink): Promise<void> {
  const codes = new StateCodes();
  const columns = wide ? wideColumns() : narrowColumns(of, codes);
  const out = new BufferedSink(sink);
  let layout: ColumnLayout<Flow> | undefined;
  for await (const batch of flows.batches()) {
    const first = layout === undefined;
    layout ??= new ColumnLayout(columns, batch, sink.columns);
    if (first) out.text(heading(layout, wide, sink.colour));
    for (const flow of batch) {
      // No await for each row: it would cost more than the row.
      layout.write(flow, out);
      if (out.full) await out.flush();
    }
    if (first) await out.flush();
  }
  const verdict = flows.verdict();
  if (!layout) out.text(`No ${NAMES[of]} flows.\n`);
  const legend = codes.legend();
  if (legend !== '') out.text(`\n${legend}`);
  if (layout || verdict.complete !== true) out.text(footer(verdict, layout !== undefined));
  await out.flush();
}

function heading(layout: ColumnLayout<Flow>, wide: boolean, colour: boolean): string {
  const { faint, heading: bold } = theme(colour);
  return `${wide ? '' : `${faint(TCP_LEGEND.trimEnd())}\n\n`}${bold(layout.header().trimEnd())}\n`;
}

/** The documentation's columns, 11, 23, 23 and 17 characters wide; IPv6 addresses take what they need. */
function narrowColumns(of: TableOf, codes: StateCodes): Column<Flow>[] {
  const most = of === 'ipv4' ? {} : { most: WIDEST_ENDPOINT };
  return [
    { title: 'CONN ID', width: 11, write: (out, flow) => writeNumber(out, flow.id) },
    { title: 'Source', width: 23, ...most, write: (out, flow) => writeSource(out, flow, flow.original) },
    { title: 'Destination', width: 23, ...most, write: (out, flow) => writeDestination(out, flow, flow.original) },
    { title: 'Protocol', width: 17, write: (out, flow) => writeProtocolAndCode(out, flow, codes) },
    { title: 'TIMEOUT', width: 8, write: writeTimeout },
  ];
}

function writeProtocolAndCode(out: TextBuffer, flow: Flow, codes: StateCodes): void {
  writeProtocol(out, flow);
  const code = codes.codeOf(flow);
  if (code !== '') out.text(' ').text(code);
}
