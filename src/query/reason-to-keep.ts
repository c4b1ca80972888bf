import type { Condition, Filter, Side } from './filter/ast.js';

/** The sides that conntrack has an argument for. */
const SINGLE_SIDES: ReadonlySet<Side> = new Set(['src', 'dst', 'reply src', 'reply dst']);

/** Why conntrack is not asked to filter by a condition, as a part of a sentence. */
export function reasonToKeep(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return 'conntrack knows no "or"';
    case 'not':
      return 'conntrack answers a negation with the opposite';
    default:
      return isSet(filter) ? 'conntrack takes one value only' : ofCondition(filter);
  }
}

function isSet(condition: Condition): boolean {
  switch (condition.kind) {
    case 'protocol':
      return condition.numbers.length > 1;
    case 'address':
      return condition.networks.length > 1;
    case 'port':
      return condition.ranges.length > 1 || condition.ranges[0]!.first !== condition.ranges[0]!.last;
    case 'state':
      return condition.states.length > 1;
    case 'mark':
      return condition.marks.length > 1;
    default:
      return false;
  }
}

function ofCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'address':
      if (!SINGLE_SIDES.has(condition.side)) return 'it looks at more than one address';
      return condition.side.startsWith('reply') ? 'conntrack takes no network there' : TAKEN;
    case 'port':
      if (!SINGLE_SIDES.has(condition.side)) return 'it looks at more than one port';
      return 'conntrack wants one protocol with ports for it, and takes one port only';
    case 'state':
      return 'conntrack wants tcp or sctp for it, takes one state only, and fails at some';
    case 'zone':
      return 'conntrack misses flows that have it in one direction';
    case 'nat':
    case 'natted-to':
      return 'conntrack asks what NAT rules did, not what the addresses say';
    case 'label':
      return 'conntrack fails where it has no file with that name';
    case 'status':
      return condition.status === 'offload' ? 'it could not be tested' : 'conntrack takes one of these only';
    case 'protocol':
    case 'mark':
    case 'family':
      return TAKEN;
    case 'compare':
    case 'helper':
    case 'id':
      return 'conntrack has no argument for it';
  }
}

const TAKEN = 'the argument is taken, or would leave nothing out';
