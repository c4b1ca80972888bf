/**
 * What JSON, and texts like it, put in place of a line break or another control character, and what terminals take for a
 * colour: their letters belong to no word.
 */
// eslint-disable-next-line no-control-regex -- it is the character that is looked for
const ESCAPE = /(?:\x1b|\\u001b)\[[\d;]{0,32}[a-z]|\\(?:[bfnrt]|u[0-9a-f]{4})/gi;
/** Texts are cleaned with one byte a character, so that all others are free. */
const ASIDE = 0xe000;
const SET_ASIDE = /[\ue000-\ue0ff]/g;

/** The text with its escapes as characters that are none of any word. */
export function escapesAside(text: string): string {
  if (!text.includes('\\') && !text.includes('\x1b')) return text;
  return text.replace(ESCAPE, (escape) => moved(escape, ASIDE));
}

/** The text with its escapes as they were. */
export function escapesBack(text: string): string {
  return text.replace(SET_ASIDE, (character) => moved(character, -ASIDE));
}

function moved(text: string, by: number): string {
  return String.fromCharCode(...Array.from(text, (character) => character.charCodeAt(0) + by));
}
