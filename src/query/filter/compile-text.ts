import type { FlowRow, Span } from '../../model/flow-row.js';

const COMMA = 0x2c;

/** Whether a free text of the row is one of these. */
export function spells(field: (row: FlowRow) => Span, texts: readonly string[]): (row: FlowRow) => boolean {
  const wanted = texts.map((text) => Buffer.from(text));
  return (row) => {
    const span = field(row);
    return span.given && isOneOf(wanted, row.bytes, span.start, span.end);
  };
}

/** Whether the row has one of these labels. */
export function labelled(names: readonly string[]): (row: FlowRow) => boolean {
  const wanted = names.map((name) => Buffer.from(name));
  return ({ bytes, labels }) => {
    if (!labels.given) return false;
    // Behind the `=`, which a bare `labels` does not have.
    for (let start = labels.start + 1; start < labels.end;) {
      const comma = bytes.indexOf(COMMA, start);
      const end = comma < 0 || comma > labels.end ? labels.end : comma;
      if (isOneOf(wanted, bytes, start, end)) return true;
      start = end + 1;
    }
    return false;
  };
}

function isOneOf(wanted: readonly Buffer[], bytes: Buffer, start: number, end: number): boolean {
  for (const text of wanted) if (bytes.compare(text, 0, text.length, start, end) === 0) return true;
  return false;
}
