import type { Flow } from '../model/flow.js';
import type { Column } from './columns.js';
import {
  NOTHING,
  writeDestination,
  writeNumber,
  writeProtocol,
  writeSource,
  writeTimeout,
  writeWords,
  writeZone,
} from './flow-cells.js';
import type { TextBuffer } from './text-buffer.js';

/** Enough for every address and every 64-bit counter. */
const MOST = 60;

/** Every field of the flow table in a column of its own. */
export function wideColumns(): Column<Flow>[] {
  return [
    column('CONN ID', (out, flow) => writeNumber(out, flow.id)),
    column('ORIGINAL SOURCE', (out, flow) => writeSource(out, flow, flow.original)),
    column('ORIGINAL DESTINATION', (out, flow) => writeDestination(out, flow, flow.original)),
    column('REPLY SOURCE', (out, flow) => (flow.reply ? writeSource(out, flow, flow.reply) : out.text(NOTHING))),
    column('REPLY DESTINATION', (out, flow) =>
      flow.reply ? writeDestination(out, flow, flow.reply) : out.text(NOTHING),
    ),
    column('PROTOCOL', writeProtocol),
    column('STATE', (out, flow) => out.text(flow.state ?? NOTHING)),
    column('TIMEOUT', writeTimeout),
    column('PACKETS', (out, flow) => writeBothWays(out, flow.original.packets, flow.reply?.packets)),
    column('BYTES', (out, flow) => writeBothWays(out, flow.original.bytes, flow.reply?.bytes)),
    column('MARK', (out, flow) => writeNumber(out, flow.mark)),
    column('ZONE', writeZone),
    column('FLAGS', (out, flow) => writeWords(out, flow.status)),
    column('NAT', (out, flow) => writeWords(out, flow.nat)),
  ];
}

function column(title: string, write: (out: TextBuffer, flow: Flow) => unknown): Column<Flow> {
  return { title, width: title.length + 1, most: MOST, write };
}

/** `original/reply`, where the kernel counts at all. */
function writeBothWays(out: TextBuffer, original: number | bigint | undefined, reply: typeof original): void {
  if (original === undefined && reply === undefined) {
    out.text(NOTHING);
    return;
  }
  writeNumber(out, original);
  writeNumber(out.text('/'), reply);
}
