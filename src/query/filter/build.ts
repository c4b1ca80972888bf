import type { Family, Nat } from '../../model/flow.js';
import { PROTOCOL_NUMBERS } from '../../model/protocol.js';
import {
  allOf,
  anyOf,
  type Direction,
  type Filter,
  type Operator,
  type Quantity,
  type Side,
  type Status,
} from './ast.js';
import { listed, Mistake, nearest, quoted, type Word } from './mistake.js';
import { hostOf, endpointOf, networkOf } from './networks.js';
import { amountOf, idOf, markOf, portRangeOf, protocolNumberOf, secondsOf, zoneOf } from './numbers.js';
import { print } from './print.js';
import { stateOf } from './states.js';

type Words = readonly [Word, ...Word[]];
type Way = 'orig' | 'reply';
type Both = [way: Way | null, end: 'src' | 'dst' | null];
/** Filters joined by `and`, without parentheses around them. */
type Chain = readonly [Filter, ...Filter[]];

/** How other tools spell a protocol. */
const ALSO: ReadonlyMap<string, number> = new Map([
  ['icmp6', 58],
  ['ipv6-icmp', 58],
]);

/**
 * What the grammar makes of its words. Each throws a {@link Mistake} with the place of the word that is wrong. `compare`
 * and the others take `null` for what was not written.
 */
export const build = {
  anyOf(first: Chain, rest: readonly { at: number; filters: Chain }[]): Filter {
    const mixed = rest.findIndex(({ filters }) => filters.length > 1);
    if (mixed >= 0) {
      const before = [first, ...rest.slice(0, mixed).map(({ filters }) => filters)].map(allOf);
      throw unclear(before, rest[mixed]!.filters, rest[mixed]!.at);
    }
    return anyOf([allOf(first), ...rest.map(({ filters }) => allOf(filters))]);
  },

  not: (filter: Filter): Filter => ({ kind: 'not', filter }),

  address(side: Both, type: 'host' | 'net', words: Words): Filter {
    return { kind: 'address', side: sideOf(side), networks: words.map(type === 'host' ? hostOf : networkOf) };
  },

  port: (side: Both, words: Words): Filter => ({ kind: 'port', side: sideOf(side), ranges: words.map(portRangeOf) }),

  /** `proto` with names or numbers, or names alone; a port that stands behind them, as in `tcp port 80`, is joined by and. */
  protocol(words: Words, port: Filter | null = null): Filter {
    const protocol: Filter = { kind: 'protocol', numbers: words.map(protocolOf) };
    return port === null ? protocol : allOf([protocol, port]);
  },

  family(family: Family, address: Filter | null): Filter {
    return address === null ? { kind: 'family', family } : allOf([{ kind: 'family', family }, address]);
  },

  state: (words: Words): Filter => ({ kind: 'state', states: words.map(stateOf) }),
  mark: (words: Words): Filter => ({ kind: 'mark', marks: words.map(markOf) }),

  zone(direction: Way | null, words: Words): Filter {
    return { kind: 'zone', direction: direction ?? 'any', zones: words.map(zoneOf) };
  },

  label: (texts: Words): Filter => ({ kind: 'label', labels: texts.map(nameOf) }),
  helper: (texts: Words): Filter => ({ kind: 'helper', helpers: texts.map(nameOf) }),
  id: (words: Words): Filter => ({ kind: 'id', ids: words.map(idOf) }),
  status: (status: Status): Filter => ({ kind: 'status', status }),
  nat: (nat: Nat | 'any'): Filter => ({ kind: 'nat', nat }),
  nattedTo: (words: Words): Filter => ({ kind: 'natted-to', to: words.map(endpointOf) }),

  compare(direction: Direction | null, quantity: Quantity, operator: Operator, word: Word): Filter {
    const value = quantity === 'bytes' || quantity === 'packets' ? amountOf(word) : secondsOf(word);
    return { kind: 'compare', quantity, direction: direction ?? 'any', operator, value };
  },

  isProtocol: (text: string): boolean => numberOfProtocol(text) !== undefined,
};

function protocolOf(word: Word): number {
  const number = numberOfProtocol(word.text);
  if (number !== undefined) return number;
  if (/^\d/.test(word.text)) return protocolNumberOf(word);
  const near = nearest(word.text, PROTOCOL_NUMBERS.keys());
  const next = near === undefined ? 'Write its number, 0 to 255.' : `Did you mean ${quoted(near)}?`;
  throw new Mistake(`${quoted(word.text)} is no protocol that ctsync knows by name`, next, word.at);
}

function numberOfProtocol(text: string): number | undefined {
  const name = text.toLowerCase();
  return PROTOCOL_NUMBERS.get(name) ?? ALSO.get(name);
}

function nameOf({ text, at }: Word): string {
  if (text !== '') return text;
  throw new Mistake('nothing stands between the quotes', 'Write the name there.', at);
}

function sideOf([way, end]: Both): Side {
  if (end === null) return way ?? 'any';
  return way === 'reply' ? `reply ${end}` : end;
}

/** tcpdump reads `a or b and c` from the left, most languages read it from the `and`: nobody should have to know. */
function unclear(before: readonly Filter[], after: Chain, at: number): Mistake {
  const [first, ...rest] = after;
  const readings = [allOf([anyOf([...before, first]), ...rest]), anyOf([...before, allOf(after)])];
  const written = listed(readings.map((reading) => quoted(print(reading))));
  return new Mistake('"or" and "and" side by side can be read in two ways', `Write ${written}.`, at);
}
