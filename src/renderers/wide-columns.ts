import type { FlowRow, Span } from '../model/flow-row.js';
import type { Column } from './columns.js';
import {
  NOTHING,
  writeDestination,
  writeField,
  writeFlags,
  writeNat,
  writeProtocol,
  writeSource,
  writeTimeout,
  writeZone,
} from './flow-cells.js';
import type { TextBuffer } from './text-buffer.js';

/** Enough for every address and every 64-bit counter. */
const MOST = 60;

/** Every field of the flow table in a column of its own. */
export function wideColumns(): Column<FlowRow>[] {
  return [
    column('CONN ID', (out, row) => writeField(out, row, row.id)),
    column('ORIGINAL SOURCE', (out, row) => writeSource(out, row, row.original)),
    column('ORIGINAL DESTINATION', (out, row) => writeDestination(out, row, row.original)),
    column('REPLY SOURCE', (out, row) => (row.reply.src.given ? writeSource(out, row, row.reply) : out.text(NOTHING))),
    column('REPLY DESTINATION', (out, row) =>
      row.reply.src.given ? writeDestination(out, row, row.reply) : out.text(NOTHING),
    ),
    column('PROTOCOL', writeProtocol),
    column('STATE', (out, row) => writeField(out, row, row.state)),
    column('TIMEOUT', writeTimeout),
    column('PACKETS', (out, row) => writeBothWays(out, row, row.original.packets, row.reply.packets)),
    column('BYTES', (out, row) => writeBothWays(out, row, row.original.bytes, row.reply.bytes)),
    column('MARK', (out, row) => writeField(out, row, row.mark)),
    column('ZONE', writeZone),
    column('FLAGS', writeFlags),
    column('NAT', writeNat),
  ];
}

function column(title: string, write: (out: TextBuffer, row: FlowRow) => unknown): Column<FlowRow> {
  return { title, width: title.length + 1, most: MOST, write };
}

/** `original/reply`, where the kernel counts at all. */
function writeBothWays(out: TextBuffer, row: FlowRow, original: Span, reply: Span): void {
  writeField(out, row, original);
  if (original.given || reply.given) writeField(out.text('/'), row, reply);
}
