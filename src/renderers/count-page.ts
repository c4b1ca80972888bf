import type { ExpectationCount, FlowCount } from '../model/flow-count.js';
import type { Counter } from '../model/number.js';

const EXPIRED = `Flows that have expired are counted, too, until the kernel removes them:
a listing shows fewer.
`;
const SMALLEST_SHARE = 0.001;

/** How full the table is: a line for each figure, as `name : value`, and what the figure includes. */
export function renderCountPage({ flows, limit, used, buckets, expected }: FlowCount): string {
  const lines = [
    line('flows', filled(flows, limit, used)),
    ...(buckets === undefined ? [] : [line('buckets', String(buckets))]),
    ...(expected ? [line('expectations', expectations(expected))] : []),
  ];
  return `${lines.join('')}\n${EXPIRED}`;
}

function line(name: string, value: string): string {
  return `${name.padEnd('expectations '.length)}: ${value}\n`;
}

function filled(count: Counter, limit: Counter | undefined, used: number | undefined): string {
  if (limit === undefined) return String(count);
  return used === undefined ? `${count}, without a limit` : `${count} of ${limit} [${share(used)} used]`;
}

function share(used: number): string {
  if (used > 0 && used < SMALLEST_SHARE) return 'less than 0.1 %';
  return `${(used * 100).toFixed(1)} %`;
}

function expectations({ expectations: count, limit }: ExpectationCount): string {
  return count === undefined ? `at most ${limit} [only root may count them]` : `${count} of ${limit}`;
}
