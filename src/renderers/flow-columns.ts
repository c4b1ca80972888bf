import { type FlowRow, type Span, UNREPLIED } from '../model/flow-row.js';
import type { Column } from './columns.js';
import { duration } from './duration.js';
import { escapeToAscii } from './escape.js';
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
import { FLOW_FIELDS, NAME_FIELDS, type FlowField } from './flow-fields.js';
import type { TextBuffer } from './text-buffer.js';
import type { Theme } from './theme.js';

/** Enough for every address and every 64-bit counter. */
const MOST = 60;

/** A column of the flow table, under the name by which `--columns` asks for it. */
export interface FlowColumn extends Column<FlowRow> {
  name: string;
  /** What goes first where a terminal has no room for all: the largest. */
  rank: number;
}

/** The columns of the wide view, in their order. */
export const WIDE_COLUMNS: readonly FlowColumn[] = [
  column('id', 'CONN ID', 6, (out, row) => writeField(out, row, row.id)),
  column('source', 'ORIGINAL SOURCE', 0, (out, row) => writeSource(out, row, row.original)),
  column('destination', 'ORIGINAL DESTINATION', 0, (out, row) => writeDestination(out, row, row.original)),
  column('reply_source', 'REPLY SOURCE', 7, (out, row) => writeReplyEnd(out, row, writeSource)),
  column('reply_destination', 'REPLY DESTINATION', 8, (out, row) => writeReplyEnd(out, row, writeDestination)),
  { ...column('protocol', 'PROTOCOL', 0, writeProtocol), style: styleOf },
  { ...column('state', 'STATE', 1, (out, row) => writeField(out, row, row.state)), style: styleOf },
  column('timeout', 'TIMEOUT', 2, writeTimeout),
  column('packets', 'PACKETS', 5, (out, row) => writeBothWays(out, row, row.original.packets, row.reply.packets)),
  column('bytes', 'BYTES', 3, (out, row) => writeBothWays(out, row, row.original.bytes, row.reply.bytes)),
  column('mark', 'MARK', 9, (out, row) => writeField(out, row, row.mark)),
  column('zone', 'ZONE', 10, writeZone),
  { ...column('flags', 'FLAGS', 4, writeFlags), style: styleOf },
  column('nat', 'NAT', 4, writeNat),
];

/** What can be shown beside them. */
const MORE_COLUMNS: readonly FlowColumn[] = [
  column('age', 'AGE', 0, (out, row) =>
    out.text(row.deltaTime.given ? duration(Number(row.counter(row.deltaTime))) : NOTHING),
  ),
  ...[...FLOW_FIELDS, ...NAME_FIELDS]
    .filter(({ name }) => !WIDE_COLUMNS.some((wide) => wide.name === name))
    .map(fieldColumn),
];

/** Every column by its name. */
export const FLOW_COLUMNS: ReadonlyMap<string, FlowColumn> = new Map(
  [...WIDE_COLUMNS, ...MORE_COLUMNS].map((named) => [named.name, named]),
);

function column(
  name: string,
  title: string,
  rank: number,
  write: (out: TextBuffer, row: FlowRow) => unknown,
): FlowColumn {
  return { name, title, rank, width: title.length + 1, most: MOST, write };
}

function fieldColumn(field: FlowField): FlowColumn {
  const title = field.name.replaceAll('_', ' ').toUpperCase();
  return column(field.name, title, 0, (out, row) => {
    if (field.kind === 'text') out.text(escapeToAscii(field.text(row) ?? NOTHING));
    else writeField(out, row, field.span(row));
  });
}

/** What an operator looks for first: flows that nobody has answered, then those that are established. */
export function styleOf(row: FlowRow, theme: Theme): ((text: string) => string) | undefined {
  if (row.status & UNREPLIED) return theme.warning;
  if (!row.state.given) return undefined;
  return row.holds(row.state, 'ESTABLISHED') ? theme.good : theme.faint;
}

function writeReplyEnd(out: TextBuffer, row: FlowRow, write: typeof writeSource): void {
  if (row.reply.src.given) write(out, row, row.reply);
  else out.text(NOTHING);
}

/** `original/reply`, where the kernel counts at all. */
function writeBothWays(out: TextBuffer, row: FlowRow, original: Span, reply: Span): void {
  writeField(out, row, original);
  if (original.given || reply.given) writeField(out.text('/'), row, reply);
}
