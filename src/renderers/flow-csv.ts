import { type FlowRow, Span } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import { escapeControl } from './escape.js';
import type { FlowField } from './flow-fields.js';
import { BufferedSink, type Sink } from './sink.js';
import { type Literal, literal, literals, type TextBuffer } from './text-buffer.js';
import { writeFlows } from './write-flows.js';

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
  const cells = new CellWriter(fields, cell);
  await writeFlows(flows, out, (row) => cells.write(row, out));
  await out.flush();
}

/** Writes flows as lines of cells. */
class CellWriter {
  private readonly fields: readonly FlowField[];
  /** What makes those that are not copied. */
  private readonly texts: readonly (((row: FlowRow) => string | undefined) | undefined)[];
  private readonly cell: (text: string) => Literal;
  /** So many commas. */
  private readonly commas: readonly Literal[];
  /** Where a row has its fields: rows are used again, and to ask for each field anew costs more than to copy it. */
  private readonly places = new WeakMap<FlowRow, readonly Span[]>();

  constructor(fields: readonly FlowField[], cell: (text: string) => Literal) {
    this.fields = fields;
    this.texts = fields.map((field) => (field.kind === 'text' ? field.text : undefined));
    this.cell = cell;
    this.commas = Array.from({ length: fields.length + 1 }, (_, count) => literal(','.repeat(count)));
  }

  write(row: FlowRow, out: TextBuffer): void {
    const { texts } = this;
    const places = this.placesIn(row);
    let written = 0;
    for (let i = 0; i < places.length; i++) {
      const place = places[i]!;
      if (!place.given) continue;
      const make = texts[i];
      const text = make?.(row);
      if (make !== undefined && text === undefined) continue;
      // Half of the fields are empty: the commas of those before this one are written at once.
      const commas = this.commas[i - written]!;
      written = i;
      if (text === undefined) out.copyAfter(commas, row, place);
      else out.literal(commas).literal(this.cell(text));
    }
    out.literal(this.commas[places.length - 1 - written]!).literal(END);
  }

  private placesIn(row: FlowRow): readonly Span[] {
    const known = this.places.get(row);
    if (known !== undefined) return known;
    const found = this.fields.map((field) => field.span?.(row) ?? ANYWHERE);
    this.places.set(row, found);
    return found;
  }
}

/** In place of a field's own, where only its text tells whether it is there. */
const ANYWHERE = new Span();
ANYWHERE.put(0, 1);

/** What makes a spreadsheet take a cell for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]/;

/** Free text as a cell. */
export function csvText(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
