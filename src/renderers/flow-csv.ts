import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import { escapeControl } from './escape.js';
import type { FlowField } from './flow-fields.js';
import { BufferedSink, type Sink } from './sink.js';
import { type Literal, literal, literals, type TextBuffer } from './text-buffer.js';
import { writeFlows } from './write-flows.js';

const COMMA = 0x2c;
const END = literal('\r\n');

/**
 * Flows as comma-separated values (RFC 4180): a line of names, then a line a flow, `\r\n` behind each; a field that a flow
 * does not have is empty. Safe to be opened in a spreadsheet: no text in it is taken for a formula; and to be looked at on a
 * terminal, where control characters are escaped.
 */
export async function renderFlowCsv(flows: FlowStream, fields: readonly FlowField[], sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  out.text(fields.map(({ name }) => name).join(',')).literal(END);
  const cell = literals(sink.columns === undefined ? csvText : (text: string) => csvText(escapeControl(text)));
  await writeFlows(flows, out, (row) => writeRow(out, row, fields, cell));
  await out.flush();
}

function writeRow(out: TextBuffer, row: FlowRow, fields: readonly FlowField[], cell: (text: string) => Literal): void {
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!;
    if (i > 0) out.byte(COMMA);
    if (field.kind === 'text') {
      const text = field.text(row);
      if (text !== undefined) out.literal(cell(text));
    } else {
      const span = field.span(row);
      if (span.given) out.copy(row, span);
    }
  }
  out.literal(END);
}

/** What makes a spreadsheet take a cell for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** Free text as a cell. */
export function csvText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
