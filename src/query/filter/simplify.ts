import type { Family } from '../../model/flow.js';
import { allOf, anyOf, type Filter } from './ast.js';

/**
 * The filter for flows of one family only: what that family decides is taken out, so that
 * `(src host 10.0.0.1 and tcp) or src host 2001:db8::1` is `src host 10.0.0.1 and tcp` for IPv4.
 *
 * @returns true where every flow of the family matches, false where none can
 */
export function simplify(filter: Filter, family: Family): Filter | boolean {
  switch (filter.kind) {
    case 'family':
      return filter.family === family;
    case 'address': {
      const networks = filter.networks.filter((network) => network.family === family);
      return networks.length > 0 && { ...filter, networks };
    }
    case 'natted-to': {
      const to = filter.to.filter(({ network }) => network.family === family);
      return to.length > 0 && { ...filter, to };
    }
    case 'not': {
      const inner = simplify(filter.filter, family);
      return typeof inner === 'boolean' ? !inner : { kind: 'not', filter: inner };
    }
    case 'and':
      return joined(filter.filters, family, false);
    case 'or':
      return joined(filter.filters, family, true);
    default:
      return filter;
  }
}

/** @param decides what one part has to be for the whole to be the same: false in an `and`, true in an `or` */
function joined(filters: readonly Filter[], family: Family, decides: boolean): Filter | boolean {
  const left: Filter[] = [];
  for (const filter of filters) {
    const part = simplify(filter, family);
    if (part === decides) return decides;
    if (typeof part !== 'boolean') left.push(part);
  }
  if (left.length === 0) return !decides;
  return decides ? anyOf(left) : allOf(left);
}
