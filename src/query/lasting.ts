import type { Filter } from './filter/ast.js';

/**
 * Whether a filter says the same of a flow as long as the flow lasts: it asks only for what stays as it was when the flow
 * began. State, marks, labels, counters and ages change.
 */
export function isLasting(filter: Filter): boolean {
  switch (filter.kind) {
    case 'state':
    case 'mark':
    case 'label':
    case 'status':
    case 'compare':
    case 'helper':
      return false;
    case 'not':
      return isLasting(filter.filter);
    case 'and':
    case 'or':
      return filter.filters.every(isLasting);
    default:
      return true;
  }
}
