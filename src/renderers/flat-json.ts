import type { FlowRow } from '../model/flow-row.js';
import type { FlowField } from './flow-fields.js';
import { jsonText } from './json.js';
import { type Literal, literal, literals, type TextBuffer } from './text-buffer.js';

const OPEN = literal('{');
const END = literal('}');
const QUOTE = literal('"');

/** Writes flows as objects with one level of keys, for log stores; `fields` in their order, absent where there is none. */
export function flatJsonWriter(fields: readonly FlowField[]): (out: TextBuffer, row: FlowRow) => void {
  const value = literals(jsonText);
  const keyed = fields.map((field) => ({ field, ...keysOf(field) }));
  return (out, row) => {
    out.literal(OPEN);
    let first = true;
    for (const { field, key, laterKey } of keyed) {
      if (field.kind === 'text') {
        const text = field.text(row);
        if (text === undefined) continue;
        out.literal(first ? key : laterKey).literal(value(text));
      } else {
        const span = field.span(row);
        if (!span.given) continue;
        out.literal(first ? key : laterKey).copy(row, span);
        if (field.kind === 'word') out.literal(QUOTE);
      }
      first = false;
    }
    out.literal(END);
  };
}

/** The field's key; behind other fields with a comma before it. Words bring their opening quote along. */
function keysOf({ name, kind }: FlowField): { key: Literal; laterKey: Literal } {
  const key = `"${name}":${kind === 'word' ? '"' : ''}`;
  return { key: literal(key), laterKey: literal(`,${key}`) };
}
