import { PROTOCOL_NUMBERS } from '../../model/protocol.js';
import {
  ADDRESS_BITS,
  type Condition,
  type Endpoint,
  type Filter,
  type Mark,
  type Network,
  type PortRange,
  type Quantity,
} from './ast.js';

const ALL_BITS = 0xffff_ffff;
const NAMES = new Map([...PROTOCOL_NUMBERS].map(([name, number]) => [number, name]));
/** Alone they say the family. */
const FAMILY_WORDS: ReadonlySet<string> = new Set(['ipv4', 'ipv6']);
const PLAIN_WORD = /^[\w.-]+$/;

const UNITS: readonly (readonly [unit: string, size: bigint])[] = [
  ['G', 1_000_000_000n],
  ['M', 1_000_000n],
  ['k', 1000n],
];
const TIMES: readonly (readonly [unit: string, size: bigint])[] = [
  ['d', 86_400n],
  ['h', 3600n],
  ['m', 60n],
];

/** The filter in the words of the language; reading it gives the same filter again. */
export function print(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.map(printPart).join(` ${filter.kind} `);
    case 'not':
      return `not ${printPart(filter.filter)}`;
    default:
      return printCondition(filter);
  }
}

function printPart(filter: Filter): string {
  return filter.kind === 'and' || filter.kind === 'or' ? `(${print(filter)})` : print(filter);
}

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'family':
      return condition.family === 'ipv4' ? 'ip' : 'ip6';
    case 'protocol':
      return printProtocols(condition.numbers);
    case 'address':
      return `${qualified(condition.side)}${printNetworks(condition.networks)}`;
    case 'port':
      return `${qualified(condition.side)}${printRanges(condition.ranges)}`;
    case 'state':
      return `state ${condition.states.map((state) => state.toLowerCase()).join(',')}`;
    case 'mark':
      return `mark ${condition.marks.map(printMark).join(',')}`;
    case 'zone':
      return `${qualified(condition.direction)}zone ${condition.zones.join(',')}`;
    case 'label':
      return `label ${condition.labels.map(printText).join(',')}`;
    case 'helper':
      return `helper ${condition.helpers.map(printText).join(',')}`;
    case 'nat':
      return condition.nat === 'any' ? 'nat' : condition.nat;
    case 'natted-to':
      return `natted-to ${condition.to.map(printEndpoint).join(',')}`;
    case 'status':
      return condition.status;
    case 'compare': {
      const { quantity, direction, operator, value } = condition;
      return `${qualified(direction)}${quantity} ${operator} ${printValue(quantity, value)}`;
    }
    case 'id':
      return `id ${condition.ids.join(',')}`;
  }
}

function qualified(side: string): string {
  return side === 'any' ? '' : `${side} `;
}

function printProtocols(numbers: readonly number[]): string {
  const names = numbers.map((number) => NAMES.get(number));
  const bare = names.every((name) => name !== undefined && !FAMILY_WORDS.has(name));
  return bare ? names.join(',') : `proto ${numbers.map((number, i) => names[i] ?? String(number)).join(',')}`;
}

function printNetworks(networks: readonly Network[]): string {
  if (networks.every(isHost)) return `host ${networks.map(({ address }) => address).join(',')}`;
  return `net ${networks.map(({ address, prefix }) => `${address}/${prefix}`).join(',')}`;
}

function isHost({ family, prefix }: Network): boolean {
  return prefix === ADDRESS_BITS[family];
}

function printRanges(ranges: readonly PortRange[]): string {
  const word = ranges.every(({ first, last }) => first === last) ? 'port' : 'portrange';
  return `${word} ${ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(',')}`;
}

function printMark({ value, mask }: Mark): string {
  return mask === ALL_BITS ? String(value) : `0x${value.toString(16)}/0x${mask.toString(16)}`;
}

function printText(text: string): string {
  return PLAIN_WORD.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function printEndpoint({ network, port }: Endpoint): string {
  const { family, address, prefix } = network;
  const text = isHost(network) ? address : `${address}/${prefix}`;
  if (port === undefined) return text;
  return family === 'ipv6' ? `[${text}]:${port}` : `${text}:${port}`;
}

function printValue(quantity: Quantity, value: bigint): string {
  const units = quantity === 'bytes' || quantity === 'packets' ? UNITS : TIMES;
  const [unit, size] = units.find(([, size]) => value >= size && value % size === 0n) ?? ['', 1n];
  return `${value / size}${unit}`;
}
