import { closest } from 'fastest-levenshtein';
import { Failure } from '../model/failure.js';
import type { FlowRow, Span } from '../model/flow-row.js';
import { writeAddress } from '../model/address-bytes.js';
import { bothWays } from './both-ways.js';

/**
 * An order of flows. Keys are texts that compare as the flows do: of bytes, one character each, so that a comparison is
 * that of two pieces of memory.
 */
export interface Order {
  /**
   * The first key as a number, where it is one: smaller comes first. Two flows of the same number, and those beyond 2^53,
   * are told apart by {@link key}.
   */
  rank?: (row: FlowRow) => number;
  /** Compares with `<`; flows that are equal by it are the same, or come in the order in which they were read. */
  key: (row: FlowRow) => string;
}

/** A field to sort by; it goes into a key as bytes that compare as it does. */
type SortField =
  /** A number of up to 64 bits, or a sum of two. */
  | { number: (row: FlowRow) => number | bigint | undefined }
  | { address: (row: FlowRow) => Span }
  | { text: (row: FlowRow) => string | undefined };

const FIELDS: Readonly<Record<string, SortField>> = {
  bytes: { number: (row) => bothWays(row, row.original.bytes, row.reply.bytes) },
  packets: { number: (row) => bothWays(row, row.original.packets, row.reply.packets) },
  'orig-bytes': numeric((row) => row.original.bytes),
  'orig-packets': numeric((row) => row.original.packets),
  'reply-bytes': numeric((row) => row.reply.bytes),
  'reply-packets': numeric((row) => row.reply.packets),
  timeout: numeric((row) => row.timeout),
  age: numeric((row) => row.deltaTime),
  src: { address: (row) => row.original.src },
  dst: { address: (row) => row.original.dst },
  sport: numeric((row) => row.original.sport),
  dport: numeric((row) => row.original.dport),
  'reply-src': { address: (row) => row.reply.src },
  'reply-dst': { address: (row) => row.reply.dst },
  'reply-sport': numeric((row) => row.reply.sport),
  'reply-dport': numeric((row) => row.reply.dport),
  protocol: { number: (row) => row.protocolNumber },
  state: { text: (row) => (row.state.given ? row.text(row.state) : undefined) },
  mark: numeric((row) => row.mark),
  zone: numeric(zoneOf),
  id: numeric((row) => row.id),
};

/** The keys that {@link orderOf} knows. */
export const SORT_KEYS = Object.keys(FIELDS);

/** Flows that are equal by all keys come in the order of their original tuples. */
const TIE: readonly SortField[] = [
  FIELDS['src']!,
  FIELDS['dst']!,
  FIELDS['protocol']!,
  FIELDS['sport']!,
  FIELDS['dport']!,
  numeric((row) => row.original.type),
  numeric((row) => row.original.code),
  numeric((row) => row.original.id),
  { text: (row) => row.text(row.original.srckey) },
  { text: (row) => row.text(row.original.dstkey) },
];

/** The zone of both directions, or of the one that has it. */
function zoneOf({ zone, original, reply }: FlowRow): Span {
  if (zone.given) return zone;
  return original.zone.given ? original.zone : reply.zone;
}

function numeric(span: (row: FlowRow) => Span): SortField {
  return {
    number: (row) => {
      const field = span(row);
      return field.given ? row.counter(field) : undefined;
    },
  };
}

/**
 * The order that `--sort` names: keys with commas between them, `-` before one for its largest first. A flow that does not
 * have a field comes behind all that have it, either way.
 *
 * @throws Failure USAGE
 */
export function orderOf(text: string): Order {
  const keys = text.split(',').map(keyOf);
  const [first] = keys;
  const parts = [...keys, ...TIE.map((field) => ({ field, descending: false }))];
  const key = (row: FlowRow): string => {
    const writer = new KeyWriter();
    for (const { field, descending } of parts) writer.write(row, field, descending);
    return writer.text();
  };
  return { key, ...(first && 'number' in first.field ? { rank: rankOf(first.field.number, first.descending) } : {}) };
}

interface Key {
  field: SortField;
  descending: boolean;
}

function keyOf(text: string): Key {
  const word = text.trim();
  const descending = word.startsWith('-');
  const name = word.replace(/^[-+]/, '').replaceAll('_', '-').toLowerCase();
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  if (field) return { field, descending };
  const guess = name === '' ? '' : `Did you mean ${closest(name, SORT_KEYS)}? `;
  throw new Failure('USAGE', `--sort does not know the key ${JSON.stringify(word)}.`, {
    next: `${guess}The keys are ${SORT_KEYS.join(', ')}; - before one for its largest first.`,
  });
}

function rankOf(number: (row: FlowRow) => number | bigint | undefined, descending: boolean): (row: FlowRow) => number {
  const sign = descending ? -1 : 1;
  return (row) => {
    const value = number(row);
    return value === undefined ? Infinity : sign * Number(value);
  };
}

/** More than all keys and the tie can take, but for texts, which are cut: none that a tool prints is that long. */
const LONGEST_TEXT = 64;
const LONGEST_KEY = 8192;
const scratch = Buffer.alloc(LONGEST_KEY);

/** Puts a key together. */
class KeyWriter {
  private used = 0;

  write(row: FlowRow, field: SortField, descending: boolean): void {
    const start = this.used + 1;
    const given = this.writeValue(row, field, start);
    scratch[this.used] = given < 0 ? 1 : 0;
    this.used = given < 0 ? start : given;
    if (descending) for (let i = start; i < this.used; i++) scratch[i] = 0xff - scratch[i]!;
  }

  text(): string {
    return scratch.toString('latin1', 0, this.used);
  }

  /** Where the value ends, or -1 where the flow does not have it. */
  private writeValue(row: FlowRow, field: SortField, at: number): number {
    if ('number' in field) return writeNumber(field.number(row), at);
    if ('address' in field) {
      const span = field.address(row);
      return span.given ? writeAddress(row, span, scratch, at) : -1;
    }
    const text = field.text(row);
    return text === undefined
      ? -1
      : scratch.writeUInt8(0, at + scratch.write(text.slice(0, LONGEST_TEXT), at, 'latin1'));
  }
}

/** Nine bytes: the sum of two 64-bit counters has 65 bits. */
function writeNumber(value: number | bigint | undefined, at: number): number {
  if (value === undefined) return -1;
  if (typeof value === 'bigint') {
    scratch.writeUInt8(Number(value >> 64n), at);
    scratch.writeBigUInt64BE(BigInt.asUintN(64, value), at + 1);
  } else {
    scratch.writeUInt8(0, at);
    scratch.writeUInt32BE(Math.floor(value / 0x1_0000_0000), at + 1);
    scratch.writeUInt32BE(value % 0x1_0000_0000, at + 5);
  }
  return at + 9;
}
