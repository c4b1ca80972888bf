import type { GroupFields } from '../model/flow-top.js';
import { DNAT, flagNames, type FlowRow, SNAT, type Span } from '../model/flow-row.js';
import { conntrackName, protocolName, UNNAMED } from '../model/protocol.js';
import { writeAddress } from '../model/address-bytes.js';
import { addressText } from './address-text.js';

/**
 * A field that flows can be grouped by. It goes into a key as bytes that compare as its values do and that tell their own
 * length, so that no two lists of values make the same key.
 */
export type GroupField = {
  /** Its key in a group. */
  name: keyof GroupFields;
  /** Writes the value of a row; returns where it ends. */
  write: (row: FlowRow, into: Buffer, at: number) => number;
  /** Puts the value that stands in a key into the fields of a group; returns where it ends. */
  read: (key: Uint8Array, at: number, into: GroupFields) => number;
};

/** How long the prefixes are that addresses are grouped by. */
export interface Prefixes {
  ipv4: number;
  ipv6: number;
}

/** No tool prints a longer word; what is longer is told apart by its beginning only. */
const LONGEST_TEXT = 255;
const ABSENT = 0;

type TextName = 'state' | 'helper';
type NumberName = 'sport' | 'dport' | 'mark' | 'zone';
type AddressName = 'src' | 'dst' | 'reply_src' | 'reply_dst' | 'nat_address';

/** Where the address of a row stands; undefined, or not given, where it has none. */
const ADDRESSES: Readonly<Record<AddressName, (row: FlowRow) => Span | undefined>> = {
  src: (row) => row.original.src,
  dst: (row) => row.original.dst,
  reply_src: (row) => row.reply.src,
  reply_dst: (row) => row.reply.dst,
  nat_address: translatedTo,
};

/** The fields that are no addresses. */
const OTHERS: readonly GroupField[] = [
  numberField('sport', (row) => row.original.sport),
  numberField('dport', (row) => row.original.dport),
  // Both are 0 where the kernel has none, and conntrack leaves them out; filters see it the same way.
  numberField('mark', (row) => row.mark, 0),
  numberField('zone', zoneOf, 0),
  textField('state', (row) => row.state),
  textField('helper', (row) => row.helper),
  byteField(
    'family',
    (row) => (row.family === 'ipv4' ? 4 : 6),
    (into, value) => (into.family = value === 4 ? 'ipv4' : 'ipv6'),
  ),
  byteField(
    'protocol',
    (row) => row.protocolNumber,
    (into, number) => (into.protocol = { name: conntrackName(number) ?? protocolName(UNNAMED, number), number }),
  ),
  byteField(
    'status',
    (row) => row.status,
    (into, bits) => (into.status = flagNames(bits)),
  ),
];

/** The names of all fields, as an operator writes them. */
export const GROUP_KEYS: readonly string[] = [...Object.keys(ADDRESSES), ...OTHERS.map(({ name }) => name)].map(
  (name) => name.replaceAll('_', '-'),
);

/** Whether a field is an address, which can be cut to a prefix. */
export function isAddress(name: string): name is AddressName {
  return Object.hasOwn(ADDRESSES, name);
}

/** The field of that name, which is none of an address; undefined where there is none. */
export function plainField(name: string): GroupField | undefined {
  return OTHERS.find((field) => field.name === name);
}

/** An address, or its network where prefixes are given. */
export function addressField(name: AddressName, prefixes?: Prefixes): GroupField {
  const address = ADDRESSES[name];
  return {
    name,
    write: (row, into, at) => {
      const span = address(row);
      if (!span?.given) return writeAbsent(into, at);
      const end = writeAddress(row, span, into, at);
      if (prefixes) clearBehind(into, at + 1, end, prefixes[row.family]);
      return end;
    },
    read: (key, at, into) => {
      if (key[at] === ABSENT) return at + 1;
      const ipv4 = key[at] === 4;
      const end = at + 1 + (ipv4 ? 4 : 16);
      const text = addressText(key.subarray(at + 1, end));
      into[name] = prefixes ? `${text}/${prefixes[ipv4 ? 'ipv4' : 'ipv6']}` : text;
      return end;
    },
  };
}

/** @param none the value where the row does not have one; absent: its group does not have the field */
function numberField(name: NumberName, span: (row: FlowRow) => Span, none?: number): GroupField {
  return {
    name,
    write: (row, into, at) => {
      const field = span(row);
      if (!field.given && none === undefined) return writeAbsent(into, at);
      const value = field.given ? row.number(field) : none!;
      into[at] = 1;
      into[at + 1] = value >>> 24;
      into[at + 2] = value >>> 16;
      into[at + 3] = value >>> 8;
      into[at + 4] = value;
      return at + 5;
    },
    read: (key, at, into) => {
      if (key[at] === ABSENT) return at + 1;
      into[name] = ((key[at + 1]! << 24) | (key[at + 2]! << 16) | (key[at + 3]! << 8) | key[at + 4]!) >>> 0;
      return at + 5;
    },
  };
}

function textField(name: TextName, span: (row: FlowRow) => Span): GroupField {
  return {
    name,
    write: (row, into, at) => {
      const { start, end } = span(row);
      const length = Math.max(Math.min(end - start, LONGEST_TEXT), 0);
      // Zero ends the text, so that one that is the beginning of another one comes first.
      for (let i = 0; i < length; i++) into[at + i] = row.bytes[start + i]! || 1;
      into[at + length] = 0;
      return at + length + 1;
    },
    read: (key, at, into) => {
      const end = key.indexOf(0, at);
      if (end > at) into[name] = Buffer.from(key.subarray(at, end)).toString('utf8');
      return end + 1;
    },
  };
}

function byteField(
  name: keyof GroupFields,
  value: (row: FlowRow) => number,
  put: (into: GroupFields, value: number) => unknown,
): GroupField {
  return {
    name,
    write: (row, into, at) => {
      into[at] = value(row);
      return at + 1;
    },
    read: (key, at, into) => {
      put(into, key[at]!);
      return at + 1;
    },
  };
}

function writeAbsent(into: Buffer, at: number): number {
  into[at] = ABSENT;
  return at + 1;
}

/** The address that the source was translated to, else that of the destination: who is `natted-to` it in a filter. */
function translatedTo(row: FlowRow): Span | undefined {
  const nat = row.nat();
  if (nat & SNAT) return row.reply.dst;
  return nat & DNAT ? row.reply.src : undefined;
}

/** The zone of both directions, or of the one that has it. */
function zoneOf({ zone, original, reply }: FlowRow): Span {
  if (zone.given) return zone;
  return original.zone.given ? original.zone : reply.zone;
}

/** Sets the bits of an address behind its prefix to zero. */
function clearBehind(into: Buffer, start: number, end: number, prefix: number): void {
  let kept = prefix;
  for (let i = start; i < end; i++, kept -= 8) {
    if (kept < 8) into[i]! &= kept <= 0 ? 0 : 0xff00 >> kept;
  }
}
