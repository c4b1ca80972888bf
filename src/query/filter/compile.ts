import {
  ASSURED,
  DNAT,
  HW_OFFLOAD,
  OFFLOAD,
  SNAT,
  UNREPLIED,
  type FlowRow,
  type Span,
  type TupleRow,
} from '../../model/flow-row.js';
import type { Condition, Endpoint, Filter, Mark, PortRange, Side, Status } from './ast.js';
import { comparison } from './compile-comparison.js';
import { addressMatcher } from './compile-networks.js';
import { labelled, spells } from './compile-text.js';
import { printedStates } from './states.js';

/** Whether a flow belongs to the answer. */
export type Matches = (row: FlowRow) => boolean;

const STATUS_BITS: Readonly<Record<Status, number>> = {
  assured: ASSURED,
  unreplied: UNREPLIED,
  offload: OFFLOAD | HW_OFFLOAD,
};

/** What a condition costs, in no unit: of those that all have to match, the cheap ones are asked first. */
const COSTS: Readonly<Partial<Record<Filter['kind'], number>>> = {
  address: 3,
  nat: 3,
  'natted-to': 4,
  compare: 2,
  or: 5,
};

/**
 * A filter as a function of rows. What can be parsed is parsed here, once; a row is only looked at, and nothing is
 * allocated for it, unless it has counters beyond 15 digits.
 */
export function compile(filter: Filter): Matches {
  switch (filter.kind) {
    case 'and':
      return every(filter.filters.toSorted((a, b) => cost(a) - cost(b)).map(compile));
    case 'or':
      return some(filter.filters.map(compile));
    case 'not': {
      const matches = compile(filter.filter);
      return (row) => !matches(row);
    }
    default:
      return compileCondition(filter);
  }
}

function compileCondition(condition: Condition): Matches {
  switch (condition.kind) {
    case 'family':
      return (row) => row.family === condition.family;
    case 'protocol':
      return protocol(condition.numbers);
    case 'address': {
      const matches = addressMatcher(condition.networks);
      return onSide(condition.side, 'src', 'dst', (row, span) => matches(row, span));
    }
    case 'port':
      return onSide(condition.side, 'sport', 'dport', port(condition.ranges));
    case 'state':
      return state(condition.states);
    case 'mark':
      return mark(condition.marks);
    case 'zone':
      return zone(condition);
    case 'label':
      return labelled(condition.labels);
    case 'helper':
      return spells((row) => row.helper, condition.helpers);
    case 'nat':
      return condition.nat === 'any' ? translated(SNAT | DNAT) : translated(condition.nat === 'snat' ? SNAT : DNAT);
    case 'natted-to':
      return some(condition.to.map(translatedTo));
    case 'status': {
      const bits = STATUS_BITS[condition.status];
      return (row) => (row.status & bits) !== 0;
    }
    case 'compare':
      return comparison(condition);
    case 'id':
      return numbered((row) => row.id, condition.ids);
  }
}

function cost({ kind }: Filter): number {
  return COSTS[kind] ?? 1;
}

function every(all: readonly Matches[]): Matches {
  const [first, second] = all;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (all.length === 2) return (row) => first(row) && second(row);
  // Not one within the other: an expression that a script has written may have thousands.
  return (row) => {
    for (const matches of all) if (!matches(row)) return false;
    return true;
  };
}

function some(all: readonly Matches[]): Matches {
  const [first, second] = all;
  if (first === undefined) return () => false;
  if (second === undefined) return first;
  if (all.length === 2) return (row) => first(row) || second(row);
  return (row) => {
    for (const matches of all) if (matches(row)) return true;
    return false;
  };
}

/** Tests the addresses or the ports of a side until one matches; those that the row does not have never do. */
function onSide(
  side: Side,
  source: 'src' | 'sport',
  destination: 'dst' | 'dport',
  test: (row: FlowRow, span: Span) => boolean,
): Matches {
  const given = (row: FlowRow, span: Span): boolean => span.given && test(row, span);
  const either = (row: FlowRow, tuple: TupleRow): boolean =>
    given(row, tuple[source]) || given(row, tuple[destination]);
  switch (side) {
    case 'any':
      return (row) => either(row, row.original) || either(row, row.reply);
    case 'orig':
      return (row) => either(row, row.original);
    case 'reply':
      return (row) => either(row, row.reply);
    case 'src':
      return (row) => given(row, row.original[source]);
    case 'dst':
      return (row) => given(row, row.original[destination]);
    case 'reply src':
      return (row) => given(row, row.reply[source]);
    case 'reply dst':
      return (row) => given(row, row.reply[destination]);
  }
}

function protocol(numbers: readonly number[]): Matches {
  const [only] = numbers;
  return numbers.length === 1 ? (row) => row.protocolNumber === only : (row) => numbers.includes(row.protocolNumber);
}

function port(ranges: readonly PortRange[]): (row: FlowRow, span: Span) => boolean {
  const [only] = ranges;
  if (ranges.length === 1 && only!.first === only!.last) {
    const { first } = only!;
    return (row, span) => row.number(span) === first;
  }
  return (row, span) => {
    const value = row.number(span);
    for (const { first, last } of ranges) if (value >= first && value <= last) return true;
    return false;
  };
}

function state(states: readonly string[]): Matches {
  return some(
    states.flatMap(printedStates).map((printed) => (row) => row.state.given && row.holds(row.state, printed)),
  );
}

/** A line without a mark has none set: events and caches leave zero out (formats.md §2). */
function mark(marks: readonly Mark[]): Matches {
  return (row) => {
    const value = row.mark.given ? row.number(row.mark) : 0;
    for (const { value: wanted, mask } of marks) if ((value & mask) >>> 0 === wanted) return true;
    return false;
  };
}

/** A flow is in its zone with both directions, or with one of them and in zone 0 with the other. */
function zone({ direction, zones }: Condition & { kind: 'zone' }): Matches {
  const isIn = (row: FlowRow, tuple: TupleRow): boolean => {
    if (row.zone.given) return zones.includes(row.number(row.zone));
    return tuple.src.given && zones.includes(tuple.zone.given ? row.number(tuple.zone) : 0);
  };
  const orig: Matches = (row) => isIn(row, row.original);
  const reply: Matches = (row) => isIn(row, row.reply);
  return direction === 'orig' ? orig : direction === 'reply' ? reply : some([orig, reply]);
}

function numbered(field: (row: FlowRow) => Span, numbers: readonly number[]): Matches {
  const wanted = new Set(numbers);
  return (row) => field(row).given && wanted.has(row.number(field(row)));
}

function translated(bits: number): Matches {
  return (row) => (row.nat() & bits) !== 0;
}

/** Translated sources are the destination of the reply, translated destinations its source. */
function translatedTo({ network, port }: Endpoint): Matches {
  const here = addressMatcher([network]);
  const at = (row: FlowRow, span: Span, portSpan: Span): boolean =>
    here(row, span) && (port === undefined || (portSpan.given && row.number(portSpan) === port));
  return (row) => {
    const { reply } = row;
    if (!reply.src.given) return false;
    const asSource = at(row, reply.dst, reply.dport);
    const asDestination = at(row, reply.src, reply.sport);
    if (!asSource && !asDestination) return false;
    return (row.nat() & ((asSource ? SNAT : 0) | (asDestination ? DNAT : 0))) !== 0;
  };
}
