import { Refused } from './refused.js';

/** A manifest is seven deep. */
const DEEPEST = 16;
/** Itself, its argument list and its error. */
const CONTAINERS_OF_AN_ITEM = 4;
const CONTAINERS_BESIDE = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Refuses a JSON text that would take far more memory as objects than it is long: deep nesting, and millions of lists.
 *
 * @param items how many things it may list at the most
 * @throws Refused
 */
export function refuseUnboundedJson(json: Buffer, items: number): void {
  let depth = 0;
  let containers = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) at = endOfText(json, at);
    else if (isClosing(byte)) depth--;
    else if (isOpening(byte)) {
      if (++depth > DEEPEST) throw new Refused('its manifest is nested too deeply');
      if (++containers > items * CONTAINERS_OF_AN_ITEM + CONTAINERS_BESIDE) {
        throw new Refused(`its manifest lists more than ${items} things`, { limit: true });
      }
    }
  }
}

function isOpening(byte: number): boolean {
  return byte === 0x5b || byte === 0x7b;
}

function isClosing(byte: number): boolean {
  return byte === 0x5d || byte === 0x7d;
}

/** Where the text that begins at `at` ends. */
function endOfText(json: Buffer, at: number): number {
  for (at++; at < json.length && json[at] !== QUOTE; at++) if (json[at] === BACKSLASH) at++;
  return at;
}
