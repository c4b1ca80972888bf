import { asksFor, type Filter } from '../query/filter/ast.js';
import type { Place } from '../sources/place.js';
import { kernelNumber } from './kernel-number.js';

const ACCOUNTING = 'net.netfilter.nf_conntrack_acct';
const TIMESTAMPS = 'net.netfilter.nf_conntrack_timestamp';

/**
 * What an operator has to know who selects or sorts by what the kernel does not count: no flow matches then, and that says
 * nothing about the flows.
 *
 * @param sortedBy as `--sort` has it
 */
export async function notesOnCounting(filter: Filter | undefined, sortedBy: string, place: Place): Promise<string[]> {
  const asks = (...quantities: readonly ('bytes' | 'packets' | 'age')[]): boolean =>
    quantities.some((quantity) => sortedBy.includes(quantity) || (filter !== undefined && asksFor(filter, quantity)));
  return [
    ...(asks('bytes', 'packets') && (await kernelNumber('acct', place)) === 0
      ? [`Bytes and packets are not counted: accounting is off. sysctl ${ACCOUNTING}=1 switches it on for new flows.`]
      : []),
    ...(asks('age') && (await kernelNumber('timestamp', place)) === 0
      ? [`The age of flows is not known: timestamps are off. sysctl ${TIMESTAMPS}=1 switches them on for new flows.`]
      : []),
  ];
}
