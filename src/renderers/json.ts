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
  return JSON.stringify(value);
}

function block(open: string, close: string, indent: string, parts: string[]): string {
  if (parts.length === 0) return open + close;
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}
