import { fileURLToPath } from 'node:url';

const CTSYNC = [process.execPath, fileURLToPath(new URL('../../bin/run.js', import.meta.url))];

/** What a whole table is measured against. */
export const DUMP = ['conntrack', '-L', '-f', 'ipv4', '-o', 'extended,id'];

/** Our own start, to which the time to the first row is compared. */
export const VERSION = [...CTSYNC, '--version'];

const TABLE = [...CTSYNC, 'show', 'conntrack', 'table', 'ipv4'];
const TOP = [...CTSYNC, 'show', 'conntrack', 'top', '--family', 'ipv4'];
/** The flows of 256 of the 65,536 sources. */
const SELECTED = ['-s', '10.35.7.0/24', '-p', 'udp'];

const METRICS = [...CTSYNC, 'export', 'prometheus'];
const CHECK = [...CTSYNC, 'check', 'conntrack-sync'];
/** What metrics and checks are read with, each as often as ctsync asks: a page of conntrackd by its client. */
const METRICS_TOOLS = tools('runtime cache network link queue process expect', [
  'conntrackd -v',
  'conntrack -S expect',
]);
const CHECK_TOOLS = tools('main runtime link network cache queue');
/** One sample, with a file for the next run: each is the first, so that no silence of a peer is waited for. */
const KEPT = ['sh', '-c', `rm -f "$CTSYNC_BENCH_STATE"; exec ${CHECK.join(' ')} --state-file "$CTSYNC_BENCH_STATE"`];
/** A bundle of this node: all flows twice, of the kernel and of the internal cache, beside all that is small. */
const BUNDLE = ['generate', 'support-bundle', '--output', '"$CTSYNC_BENCH_STATE.tar.gz"'];
const KEPT_BUNDLE = ['sh', '-c', `rm -f "$CTSYNC_BENCH_STATE.tar.gz"; exec ${[...CTSYNC, ...BUNDLE].join(' ')}`];
/** The same of the same tools, packed by gzip, and the ten seconds between two readings. */
const PACKED = [
  'sh',
  '-c',
  `sleep 10; (${DUMP.join(' ')}; conntrackd -C "$CTSYNC_DAEMON_CONFIG" -i; conntrackd -C "$CTSYNC_DAEMON_CONFIG" -e) | gzip -4`,
];
/** Of both families, as metrics count them: the other one is empty here, and takes a walk through all buckets. */
const BOTH_DUMPS = ['sh', '-c', 'conntrack -L -f ipv4 -o extended,id; conntrack -L -f ipv6 -o extended,id'];
/** Of metrics that lack those of conntrackd, which need not run here. */
const INCOMPLETE = 4;
/** Of a check of a full table, and of a conntrackd without a peer. */
const WARNING = 1;
const CRITICAL = 2;

/** What all of our cases may hold in memory, in bytes; and how much more at a tenth of the flows and at all of them. */
export const PEAK = { most: 100e6, spread: 1.1 };
/** How often the time of a tenth of the flows all of them may take. */
export const GROWTH = 10.5;
/** Lines a second of a saved table, on one core. */
export const LINES_PER_SECOND = 700_000;

/**
 * The cases. `most` is the wall time over the baseline's that is to be reached; with `plusVersion` the time of our own
 * --version comes on top of it, with `timesVersion` it is a part of it. `firstRow` matches in the output as soon as its first row is complete; it may come
 * `FIRST_ROW` milliseconds after the time that --version takes. `memory` is what it may hold where that is less than others
 * may, and `ends` further exit codes that are none of an error. With `daemon` a conntrackd runs that knows all flows. A case
 * without `ours` is there to compare with.
 */
export const CASES = [
  { name: 'conntrack | cat', baseline: DUMP, argv: ['sh', '-c', `${DUMP.join(' ')} 2>/dev/null | cat`] },
  { name: 'table', ours: true, baseline: DUMP, argv: TABLE, firstRow: /^\d+ .*\n/m, most: 1.1 },
  { name: 'table --wide', ours: true, baseline: DUMP, argv: [...TABLE, '--wide'], firstRow: /\[17\].*\n/, most: 1.25 },
  {
    name: '--format ndjson',
    ours: true,
    baseline: DUMP,
    argv: [...TABLE, '--format', 'ndjson'],
    firstRow: /"use".*\n/,
    most: 1.1,
  },
  {
    name: '--format csv',
    ours: true,
    baseline: DUMP,
    argv: [...TABLE, '--format', 'csv'],
    firstRow: /\nipv4[^\n]*\n/,
    most: 1.1,
  },
  {
    name: '--json',
    ours: true,
    baseline: DUMP,
    argv: [...TABLE, '--json'],
    firstRow: /"family".*"use":\d/,
    most: 1.15,
  },
  {
    name: "--filter 'bytes gt 500' --count",
    ours: true,
    baseline: DUMP,
    argv: [...TABLE, '--filter', 'bytes gt 500', '--count'],
    most: 1.05,
    plusVersion: true,
  },
  {
    name: '--source 10.35.7.0/24 --protocol udp --count',
    ours: true,
    baseline: [...DUMP, ...SELECTED],
    argv: [...TABLE, '--source', '10.35.7.0/24', '--protocol', 'udp', '--count'],
    most: 1.05,
    plusVersion: true,
  },
  {
    name: '--unreplied --count',
    ours: true,
    baseline: [...DUMP, '-u', 'UNREPLIED'],
    argv: [...TABLE, '--unreplied', '--count'],
    most: 1.05,
    plusVersion: true,
  },
  { name: 'top --by src', ours: true, baseline: DUMP, argv: TOP, most: 1.1 },
  {
    name: '--sort=-bytes --limit 100',
    ours: true,
    baseline: DUMP,
    argv: [...TABLE, '--sort=-bytes', '--limit', '100'],
    most: 1.1,
  },
  {
    name: 'export prometheus',
    ours: true,
    baseline: METRICS_TOOLS,
    argv: METRICS,
    most: 1.5,
    timesVersion: true,
    memory: 70e6,
    daemon: true,
  },
  {
    name: 'check conntrack-sync --state-file',
    ours: true,
    baseline: CHECK_TOOLS,
    argv: KEPT,
    most: 1.5,
    timesVersion: true,
    memory: 70e6,
    daemon: true,
    ends: [WARNING, CRITICAL],
  },
  {
    name: 'generate support-bundle',
    ours: true,
    baseline: PACKED,
    argv: KEPT_BUNDLE,
    memory: 120e6,
    daemon: true,
    ends: [INCOMPLETE],
  },
  {
    name: 'export prometheus --flows',
    ours: true,
    baseline: BOTH_DUMPS,
    argv: [...METRICS, '--flows'],
    most: 1.1,
    ends: [INCOMPLETE],
  },
];

export const FIRST_ROW = 60;

/** Pages of conntrackd, and the other tools that metrics and checks ask, one after the other. */
function tools(pages, more = []) {
  const asked = pages
    .split(' ')
    .map((page) => `conntrackd -C "$CTSYNC_DAEMON_CONFIG" -s ${page === 'main' ? '' : page}`);
  return ['sh', '-c', [...asked, 'ip -j addr', 'conntrack -S', ...more].join('; ')];
}

/** A saved table, read by one process of ours alone. */
export function fromFile(file) {
  return [...TABLE, '--from', file, '--filter', 'bytes gt 500', '--count'];
}
