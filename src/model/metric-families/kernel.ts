import type { TrackingCounters } from '../conntrack-statistics.js';
import { counter, gauge, type MetricDescription } from './description.js';

const SYSCTL = '/proc/sys/net/netfilter/nf_conntrack_';
const TABLE = 'conntrack -L, with --flows only';
const COUNTERS = 'conntrack -S, conntrack -S expect; else /proc/net/stat/nf_conntrack';

/** How full the flow table is. */
export const TABLE_METRICS = {
  nf_conntrack_entries: gauge(`${SYSCTL}count`, 'Flows in the table of this network namespace, of both families'),
  nf_conntrack_entries_limit: gauge(`${SYSCTL}max`, 'Flows that the table may hold; 0 where there is no limit'),
  nf_conntrack_buckets: gauge(`${SYSCTL}buckets`, 'Buckets of the hash table, which the whole machine shares'),
  nf_conntrack_expectations: gauge('/proc/net/nf_conntrack_expect', 'Expectations of both families'),
} as const satisfies Record<string, MetricDescription>;

const HELP: Readonly<Record<keyof TrackingCounters, string>> = {
  found: 'Lookups that found the tuple which NAT wanted taken',
  invalid: 'Packets that belong to no flow and can not begin one',
  insert: 'Flows that programs put into the table',
  insert_failed: 'New flows that could not be put into the table, mostly because the same flow was there already',
  drop: 'Packets dropped because their flow could not be made or put into the table',
  early_drop: 'Flows thrown out to make room in a full table',
  error: 'ICMP packets that are malformed or report an error of no known flow',
  search_restart: 'Lookups begun again because the table changed under them',
  clash_resolve: 'Packets that raced each other to begin the same flow, and were let through',
  chaintoolong: 'New flows refused because their bucket holds too many already',
  expect_new: 'Flows that came because an expectation was met',
  expect_create: 'Expectations made',
  expect_delete: 'Expectations removed',
  searched: 'Steps of all lookups; not counted since Linux 4.9',
  new: 'Flows begun; not counted since Linux 4.9',
  ignore: 'Packets that were tracked already, or are not to be; not counted since Linux 5.9',
  delete: 'Flows that ended; not counted since Linux 4.9',
  delete_list: 'Flows put on the list of the dying; not counted since Linux 4.9',
};

/** The metric of one of the kernel's counters. */
export type TrackingMetric = `nf_conntrack_stat_${keyof TrackingCounters}_total`;

/** The kernel's counters, one family each; a kernel has those that it counts. */
export const COUNTER_METRICS = Object.fromEntries(
  Object.entries(HELP).map(([name, help]) => [`nf_conntrack_stat_${name}_total`, counter(COUNTERS, help, ['cpu'])]),
) as Readonly<Record<TrackingMetric, MetricDescription>>;

/** What only a look at every flow can tell. */
export const FLOW_METRICS = {
  nf_conntrack_flows: gauge(TABLE, 'Flows by protocol, and by state where the protocol has any', [
    'family',
    'protocol',
    'state',
  ]),
  nf_conntrack_flows_flagged: gauge(TABLE, 'Flows that have the flag; a flow may have several', ['flag']),
} as const satisfies Record<string, MetricDescription>;
