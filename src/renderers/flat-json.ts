import type { FlowRow } from '../model/flow-row.js';
import type { FlowField } from './flow-fields.js';
import { jsonText } from './json.js';
import { literal, type TextBuffer } from './text-buffer.js';

const OPEN = literal('{');
const END = literal('}');
const QUOTE = literal('"');

/** Writes flows as objects with one level of keys, for log stores; `fields` in their order, absent where there is none. */
export function flatJsonWriter(fields: readonly FlowField[]): (out: TextBuffer, row: FlowRow) => void {
  const keyed = fields.map((field) => ({ field, ...keysOf(field) }));
  return (out, row) => {
    out.literal(OPEN);
    let first = true;
    for (const { field, key, laterKey } of keyed) {
      const text = field.kind === 'text' ? field.text(row) : undefined;
      const span = field.kind === 'text' ? undefined : field.span(row);
      if (text === undefined && !span?.given) continue;
      out.literal(first ? key : laterKey);
      first = false;
      if (span === undefined) out.text(jsonText(text));
      else if (field.kind === 'word') out.copy(row.bytes, span).literal(QUOTE);
      else out.copy(row.bytes, span);
    }
    out.literal(END);
  };
}

/** The field's key; behind other fields with a comma before it. Words bring their opening quote along. */
function keysOf({ name, kind }: FlowField): { key: Uint8Array; laterKey: Uint8Array } {
  const key = `"${name}":${kind === 'word' ? '"' : ''}`;
  return { key: literal(key), laterKey: literal(`,${key}`) };
}
