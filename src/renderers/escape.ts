/** C0, DEL and C1, and the characters that turn the direction of text round (bidi embeddings, overrides, isolates). */
const CONTROL = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text from a tool, a peer or a file as it may be shown on a terminal: control characters, line ends and tabs among them,
 * become `\x1b` or `\u202e`.
 */
export function escapeControl(text: string): string {
  return text.replace(CONTROL, escaped);
}

/** All but what takes one column on every terminal. */
const NOT_PRINTED = /[^\x20-\x7e]/g;

/** As {@link escapeControl}, and all in ASCII, for the cells of a table. */
export function escapeToAscii(text: string): string {
  return text.replace(NOT_PRINTED, escaped);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
