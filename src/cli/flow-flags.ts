import * as Flags from '@oclif/core/flags';

/** How rows can be written. */
export const FORMATS = ['table', 'wide', 'json', 'ndjson', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

const FILTER = 'FILTER';
const OUTPUT = 'OUTPUT';

/** Which flows are wanted: the common questions as flags of their own, all others as an expression (docs/filter.md). */
export const filterFlags = {
  source: Flags.string({
    summary: 'flows from these addresses or networks, with a port if one is named',
    helpValue: 'ADDR[/N][:PORT]',
    helpGroup: FILTER,
  }),
  destination: Flags.string({
    summary: 'flows to these addresses or networks, with a port if one is named',
    helpValue: 'ADDR[/N][:PORT]',
    helpGroup: FILTER,
  }),
  port: Flags.string({
    summary: 'flows with these ports or ranges, at either end',
    helpValue: 'PORT',
    helpGroup: FILTER,
  }),
  protocol: Flags.string({ summary: 'by name or number', helpValue: 'NAME', helpGroup: FILTER }),
  state: Flags.string({ summary: 'in these TCP, SCTP or DCCP states', helpValue: 'NAME', helpGroup: FILTER }),
  mark: Flags.string({ summary: 'with this mark', helpValue: 'VALUE[/MASK]', helpGroup: FILTER }),
  zone: Flags.string({ summary: 'with this zone, in both directions or in one', helpValue: 'ZONE', helpGroup: FILTER }),
  nat: Flags.option({
    summary: 'flows whose source or destination is translated',
    options: ['src', 'dst', 'any'] as const,
    helpGroup: FILTER,
  })(),
  assured: Flags.boolean({ summary: 'flows that the kernel keeps when its table is full', helpGroup: FILTER }),
  unreplied: Flags.boolean({ summary: 'flows that nobody has answered', helpGroup: FILTER }),
  offload: Flags.boolean({ summary: 'flows that a flow table forwards', helpGroup: FILTER }),
  id: Flags.string({ summary: "with this id of conntrack's", helpValue: 'ID', helpGroup: FILTER }),
  filter: Flags.string({
    summary: "an expression, such as 'tcp and bytes gt 10M and not state established'",
    helpValue: 'EXPRESSION',
    helpGroup: FILTER,
  }),
};

/** How rows are written. */
export const rowFlags = {
  format: Flags.option({
    summary: 'how to write the flows',
    options: FORMATS,
    helpGroup: OUTPUT,
  })(),
  wide: Flags.boolean({
    summary: 'show every field: reply addresses, full state, counters, mark, zone, flags and NAT',
    helpGroup: OUTPUT,
    exclusive: ['format', 'json'],
  }),
  sort: Flags.string({
    summary: 'order by these keys, - before one for its largest first: --sort=-bytes',
    helpValue: 'KEY[,KEY]',
    helpGroup: OUTPUT,
  }),
  limit: Flags.integer({
    summary: 'show so many flows at the most',
    helpValue: 'N',
    min: 0,
    helpGroup: OUTPUT,
  }),
  columns: Flags.string({
    summary: 'only these columns, in this order; a wrong name lists them all',
    helpValue: 'NAME[,NAME]',
    helpGroup: OUTPUT,
  }),
  resolve: Flags.boolean({
    summary: 'show names of hosts (asked of DNS) and services instead of numbers, as far as they come soon',
    helpGroup: OUTPUT,
    exclusive: ['count', 'exists'],
  }),
  flat: Flags.boolean({
    summary: 'with json and ndjson: one level of keys, for log stores',
    helpGroup: OUTPUT,
  }),
  summary: Flags.boolean({
    summary: 'with ndjson: end with a line that says what is known of all flows',
    helpGroup: OUTPUT,
  }),
  count: Flags.boolean({
    summary: 'only say how many flows match',
    helpGroup: OUTPUT,
    exclusive: ['exists', 'sort', 'limit', 'columns', 'flat'],
  }),
  exists: Flags.boolean({
    summary: 'only say whether a flow matches: exit code 0 if so, 5 if not',
    helpGroup: OUTPUT,
    exclusive: ['count', 'sort', 'limit', 'columns', 'flat'],
  }),
  explain: Flags.boolean({
    summary: 'only say which command would be run, and who filters what',
    helpGroup: OUTPUT,
  }),
};

export const flowFlags = { ...filterFlags, ...rowFlags };

/**
 * A command line whose filter expression is one word, where it was typed as several: `--filter tcp and port 443`. It goes on
 * to the next flag.
 */
export function withJoinedFilter(argv: readonly string[]): string[] {
  const start = argv.findIndex((word) => word === '--filter' || word.startsWith('--filter='));
  if (start < 0) return [...argv];
  const first = argv[start] === '--filter' ? start + 1 : start;
  const next = argv.findIndex((word, i) => i > first && word.startsWith('-'));
  const end = next < 0 ? argv.length : next;
  return [...argv.slice(0, first), ...(first < end ? [argv.slice(first, end).join(' ')] : []), ...argv.slice(end)];
}
