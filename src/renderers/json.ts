/**
 * A value as JSON text, indented by two. Unlike JSON.stringify it writes a bigint as a number with its exact digits;
 * fields that are undefined are left out.
 */
export function toJson(value: unknown, indent = ''): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    return block(
      '[',
      ']',
      indent,
      items.map((item) => toJson(item, indent + '  ')),
    );
  }
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    return block(
      '{',
      '}',
      indent,
      fields.map(([key, field]) => `${JSON.stringify(key)}: ${toJson(field, indent + '  ')}`),
    );
  }
  return jsonText(value);
}

/** What JSON lets stand as it is, though a terminal obeys it: DEL, C1, and what turns the direction of text round. */
const OBEYED = /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A value as JSON, with every character escaped that is none to be shown. Not for bigints. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As {@link jsonText}, with all digits of a bigint; fields that are undefined are left out. */
export function compactJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(compactJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return jsonText(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${compactJson(field)}`).join(',')}}`;
}

function block(open: string, close: string, indent: string, parts: string[]): string {
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}
