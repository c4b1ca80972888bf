import { closest } from 'fastest-levenshtein';
import { Failure } from '../model/failure.js';
import type { GroupFields } from '../model/flow-top.js';
import type { FlowRow } from '../model/flow-row.js';
import { addressField, GROUP_KEYS, type GroupField, isAddress, plainField, type Prefixes } from './group-fields.js';

/** More than the longest key: every field once, texts at their longest. */
const LONGEST_KEY = 2048;
/** The size of a network where only that of the other family is given: what one link usually has. */
const USUAL_PREFIXES: Prefixes = { ipv4: 24, ipv6: 64 };
const IPV4_BITS = 32;
const IPV6_BITS = 128;

const BEHIND_COUNTERS: readonly (keyof GroupFields)[] = ['mark', 'zone', 'helper'];

/** What flows are grouped by, as a key of bytes. Keys compare as the values do, field by field. */
export class Grouping {
  /** As the operator wrote them. */
  readonly by: readonly string[];
  /** The key that was written last. */
  readonly key = Buffer.alloc(LONGEST_KEY);
  private readonly fields: readonly GroupField[];

  constructor(by: readonly string[], fields: readonly GroupField[]) {
    this.by = by;
    this.fields = fields;
  }

  /** The names of the fields, in their order. */
  get names(): (keyof GroupFields)[] {
    return this.fields.map(({ name }) => name);
  }

  /** Whether one of the fields stands behind the counters of a line (formats.md §2). */
  get isBehindCounters(): boolean {
    return this.names.some((name) => BEHIND_COUNTERS.includes(name));
  }

  /** Puts the key of a row into {@link key}; returns its length. */
  write(row: FlowRow): number {
    const { fields, key } = this;
    let end = 0;
    for (let i = 0; i < fields.length; i++) end = fields[i]!.write(row, key, end);
    return end;
  }

  /** The values that make up a key. */
  read(key: Uint8Array): GroupFields {
    const values: GroupFields = {};
    let at = 0;
    for (const field of this.fields) at = field.read(key, at, values);
    return values;
  }
}

/**
 * The grouping that `--by` names: keys with commas between them, addresses with a prefix if a network is wanted:
 * `src/24`, `src/24/56` for both families.
 *
 * @throws Failure USAGE
 */
export function groupingOf(text: string): Grouping {
  const words = text.split(',').map((word) => word.trim().toLowerCase().replaceAll('_', '-'));
  const fields = words.map(fieldOf);
  const twice = fields.find(({ name }, i) => fields.findIndex((other) => other.name === name) < i);
  if (twice) throw new Failure('USAGE', `--by names ${spelt(twice.name)} twice.`, { next: 'Name each key once.' });
  return new Grouping(words, fields);
}

function fieldOf(word: string): GroupField {
  const [key = '', ...lengths] = word.split('/');
  const name = key.replaceAll('-', '_');
  if (isAddress(name)) return addressField(name, prefixesOf(word, lengths));
  const field = plainField(name);
  if (field && lengths.length === 0) return field;
  if (field) {
    throw new Failure('USAGE', `--by ${word}: only addresses have a prefix.`, { next: `Write --by ${key}.` });
  }
  const guess = key === '' ? '' : `Did you mean ${closest(key, GROUP_KEYS)}? `;
  throw new Failure('USAGE', `--by does not know the key ${JSON.stringify(word)}.`, {
    next: `${guess}The keys are ${GROUP_KEYS.join(', ')}; src/24 groups by networks.`,
  });
}

/** One length is that of the family that it can only be, or IPv4's. */
function prefixesOf(word: string, lengths: readonly string[]): Prefixes | undefined {
  if (lengths.length === 0) return undefined;
  const numbers = lengths.map((length) => (/^\d{1,3}$/.test(length) ? Number(length) : NaN));
  const [first = NaN, second] = numbers;
  const prefixes =
    second !== undefined
      ? { ipv4: first, ipv6: second }
      : first <= IPV4_BITS
        ? { ...USUAL_PREFIXES, ipv4: first }
        : { ...USUAL_PREFIXES, ipv6: first };
  if (numbers.length <= 2 && prefixes.ipv4 <= IPV4_BITS && prefixes.ipv6 <= IPV6_BITS) return prefixes;
  throw new Failure('USAGE', `--by ${word} has no prefix length of a network.`, {
    next: 'Write src/24, src/64, or both as src/24/64: IPv4 up to 32, IPv6 up to 128.',
  });
}

function spelt(name: string): string {
  return name.replaceAll('_', '-');
}
