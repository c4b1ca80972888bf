import type { CleaningCounts } from '../../model/cleaning.js';
import { ipv4At, prefixOfNetmask, printIpv4, readIpv4 } from './address-text.js';
import type { AddressWords, CleanWord } from './address-words.js';

const HEXADECIMAL = 1;
const LETTER = 2;
const DOT = 4;
const COLON = 8;
/** What a word that may be an address is made of. */
const IN_WORD = HEXADECIMAL | DOT | COLON;

const CLASSES = classes();

const DASH = 0x2d;
const SLASH = 0x2f;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MAC_WITH_DASHES = /[0-9a-f]{2}(?:-[0-9a-f]{2}){5}(?![0-9a-z-])/iy;
const DOTTED_MAC_LENGTH = 14;
const PREFIX = /\/(?:(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})|(\d{1,3}))(?![\d.])/y;
/** As nft's and ip's JSON, and our own, have it beside the address. */
const PREFIX_IN_JSON = /\\?"\s*,\s*\\?"(?:len|prefixlen|prefix_length)\\?"\s*:\s*(\d{1,3})\b/y;
/** Around most words is nothing that matters. */
const PLAIN = { gluedBefore: false, gluedBehind: false, prefixLength: undefined };
/** Longer words are not remembered: none is an address. */
const LONGEST_REMEMBERED = 48;
const MOST_REMEMBERED = 1 << 16;

/** Replaces the addresses in texts of any kind. What was replaced once is remembered, in bounded memory. */
export class AddressesInText {
  private readonly words: AddressWords;
  private readonly counts: CleaningCounts;
  private readonly remembered = new Map<string, CleanWord>();

  constructor(words: AddressWords, counts: CleaningCounts) {
    this.words = words;
    this.counts = counts;
  }

  /**
   * Goes through a text of one byte a character once, word by word; only what has the dots or colons of an address is looked
   * at closer.
   */
  clean(text: string): string {
    let cleaned = '';
    let copied = 0;
    const length = text.length;
    for (let at = 0; at < length; at++) {
      if ((CLASSES[text.charCodeAt(at)]! & IN_WORD) === 0) continue;
      const start = at;
      let dots = 0;
      let colons = 0;
      for (; at < length; at++) {
        const found = CLASSES[text.charCodeAt(at)]!;
        if ((found & IN_WORD) === 0) break;
        if (found === DOT) dots++;
        else if (found === COLON) colons++;
      }
      const isMac = at - start === 2 && text.charCodeAt(at) === DASH && this.isMacWithDashes(text, start);
      if (isMac) at = MAC_WITH_DASHES.lastIndex;
      else if (dots < 3 && colons < 2 && (dots !== 2 || at - start < DOTTED_MAC_LENGTH)) continue;
      const word = isMac
        ? this.macWithDashes(text.slice(start, at))
        : this.word(text, start, at, dots === 3 && colons === 0);
      if (word === undefined) continue;
      cleaned += text.slice(copied, start) + word;
      copied = at;
    }
    return copied === 0 ? text : cleaned + text.slice(copied);
  }

  private word(text: string, start: number, end: number, isQuad: boolean): string | undefined {
    const prefixLength = prefixLengthAt(text, end);
    const gluedBefore = start > 0 && (CLASSES[text.charCodeAt(start - 1)]! & LETTER) !== 0;
    const gluedBehind = end < text.length && (CLASSES[text.charCodeAt(end)]! & LETTER) !== 0;
    const isPlain = prefixLength === undefined && !gluedBefore && !gluedBehind;
    const ipv4 = isPlain && isQuad ? ipv4At(text, start, end) : undefined;
    if (ipv4 !== undefined) return this.ipv4(ipv4);
    const word = text.slice(start, end);
    const clean = isPlain ? this.plainWord(word) : this.words.clean(word, { gluedBefore, gluedBehind, prefixLength });
    this.counts.ipv4 += clean.ipv4;
    this.counts.ipv6 += clean.ipv6;
    this.counts.mac += clean.mac;
    return clean.text === word ? undefined : clean.text;
  }

  /** Nearly all addresses of a dump are this. */
  private ipv4(address: number): string | undefined {
    const mapped = this.words.ipv4(address);
    if (mapped === address) return undefined;
    this.counts.ipv4 += 1;
    return printIpv4(mapped);
  }

  private plainWord(word: string): CleanWord {
    const known = this.remembered.get(word);
    if (known !== undefined) return known;
    const clean = this.words.clean(word, PLAIN);
    if (word.length > LONGEST_REMEMBERED) return clean;
    if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
    // A copy: a slice would keep all of the text that it is from.
    this.remembered.set(Buffer.from(word, 'latin1').toString('latin1'), clean);
    return clean;
  }

  private isMacWithDashes(text: string, start: number): boolean {
    const before = start === 0 ? 0 : text.charCodeAt(start - 1);
    if (before === DASH || (CLASSES[before]! & LETTER) !== 0) return false;
    MAC_WITH_DASHES.lastIndex = start;
    return MAC_WITH_DASHES.test(text);
  }

  private macWithDashes(word: string): string {
    return this.words.macs(word, '-', this.counts);
  }
}

/** The prefix length that is written behind an address which ends at `at`. */
function prefixLengthAt(text: string, at: number): number | undefined {
  const next = text.charCodeAt(at);
  if (next !== SLASH && next !== QUOTE && next !== BACKSLASH) return undefined;
  if (next !== SLASH) {
    PREFIX_IN_JSON.lastIndex = at;
    const [, digits] = PREFIX_IN_JSON.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits);
  }
  PREFIX.lastIndex = at;
  const [, netmask, digits] = PREFIX.exec(text) ?? [];
  if (netmask === undefined) return digits === undefined ? undefined : Number(digits);
  const mask = readIpv4(netmask);
  return mask === undefined ? undefined : prefixOfNetmask(mask);
}

function classes(): Uint8Array {
  const table = new Uint8Array(256);
  for (const c of '0123456789abcdefABCDEF') table[c.charCodeAt(0)] = HEXADECIMAL;
  for (const c of 'ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ_') table[c.charCodeAt(0)] = LETTER;
  table['.'.charCodeAt(0)] = DOT;
  table[':'.charCodeAt(0)] = COLON;
  return table;
}
