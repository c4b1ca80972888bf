import ipaddr from 'ipaddr.js';
import { Lexer } from '../../parsers/conntrackd-conf/lexer.js';

/** A value as it is kept. */
export type Value = string | number;

/** What a statement takes for a value. */
export interface ValueType {
  /** Its name in help: `MB`. */
  name: string;
  /** What is taken, as the end of a sentence: `a number from 1 to 65535`. */
  takes: string;
  /** The words that it can be, where they are few. */
  words?: readonly string[];
  /** The smallest and the largest number that it can be. */
  range?: readonly [number, number];
  /** What of this machine it names, for completion. */
  here?: 'interfaces' | 'sync-groups';
  /** The value in its one spelling; undefined where it is none. */
  read(text: string): Value | undefined;
  /** The order of several. */
  order?(a: Value, b: Value): number;
}

/** A number without sign, in digits. */
export function number(name: string, smallest: number, largest: number): ValueType {
  return {
    name,
    takes: `a number from ${smallest} to ${largest}`,
    range: [smallest, largest],
    read: (text) => {
      const value = Number(text);
      return /^\d{1,10}$/.test(text) && value >= smallest && value <= largest ? value : undefined;
    },
  };
}

/**
 * One of a few words.
 *
 * @param others second names, with the word that is kept for each
 */
export function oneOf(
  name: string,
  words: readonly string[],
  others: Readonly<Record<string, string>> = {},
): ValueType {
  const all = [...words, ...Object.keys(others)];
  return {
    name,
    takes: all.length === 2 ? all.join(' or ') : `one of ${all.join(', ')}`,
    words: all,
    read: (text) => {
      const word = Object.hasOwn(others, text) ? others[text] : text;
      return words.find((each) => each === word);
    },
    order: (a, b) => words.indexOf(String(a)) - words.indexOf(String(b)),
  };
}

/** The name of an interface that conntrackd's grammar can hold (formats.md §12). */
export const INTERFACE: ValueType = {
  name: 'NAME',
  here: 'interfaces',
  takes:
    'the name of an interface that conntrackd.conf can hold: at most 15 letters, digits, dots, dashes and underscores, a letter first',
  read: (text) => {
    const { kind, text: word } = new Lexer(text).next();
    return kind === 'word' && word === text && text.length <= 15 ? text : undefined;
  },
};

/** The name of a sync group: a word of keepalived's. */
export const SYNC_GROUP: ValueType = {
  name: 'NAME',
  here: 'sync-groups',
  takes: 'the name of a sync group of keepalived, without blanks, quotes and braces',
  read: (text) => (/^[\x21-\x7e]{1,128}$/.test(text) && !/['"`\\{}#!$]/.test(text) ? text : undefined),
};

const NO_HOST = ['broadcast', 'multicast', 'unspecified'];

/** An address of one host, of either family. */
export const HOST: ValueType = {
  name: 'ADDR',
  takes: 'the IPv4 or IPv6 address of one host',
  read: (text) => {
    const address = addressOf(text);
    const range = address?.range() ?? 'unspecified';
    return address === undefined || NO_HOST.includes(range) ? undefined : address.toString();
  },
  order: byAddress,
};

/** The address of a multicast group, of either family. */
export const MULTICAST: ValueType = {
  name: 'ADDR',
  takes: 'an IPv4 or IPv6 multicast address, such as 225.0.0.50',
  read: (text) => {
    const address = addressOf(text);
    return address?.range() === 'multicast' ? address.toString() : undefined;
  },
};

/** An address or a network, of either family. */
export const ADDRESS_OR_NETWORK: ValueType = {
  name: 'ADDR[/LENGTH]',
  takes: 'an IPv4 or IPv6 address or network, such as 192.0.2.1 or 2001:db8::/32',
  read: (text) => {
    const [, written = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const address = addressOf(written);
    if (address === undefined) return undefined;
    if (prefix === undefined) return address.toString();
    const length = Number(prefix);
    return length <= (address.kind() === 'ipv4' ? 32 : 128) ? `${address.toString()}/${length}` : undefined;
  },
  order: byAddress,
};

/** An address in a spelling that conntrackd reads; it knows no scope behind it. */
function addressOf(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

/** IPv4 first, then by number, a wider network before what is in it. */
function byAddress(a: Value, b: Value): number {
  const [left, right] = [sortKey(String(a)), sortKey(String(b))];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortKey(text: string): string {
  const [address = '', prefix = '999'] = text.split('/');
  const bytes = ipaddr.parse(address).toByteArray();
  return `${bytes.length === 4 ? 4 : 6}${Buffer.from(bytes).toString('hex')}${prefix.padStart(3, '0')}`;
}
