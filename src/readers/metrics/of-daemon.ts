import type {
  CacheDetails,
  CacheOperations,
  MessageQueue,
  NetworkPage,
  ProcessPage,
} from '../../model/daemon-pages.js';
import type { DedicatedLink } from '../../model/link.js';
import type { Counter } from '../../model/number.js';
import type { DaemonRuntime } from '../../model/runtime.js';
import type { CacheStatistics } from '../../model/statistics.js';
import type { MetricSet } from './metric-set.js';

/** conntrackd's `-s runtime` page. */
export function runtimeMetrics({ uptime_seconds, netlink, runtime }: DaemonRuntime, metrics: MetricSet): void {
  metrics.add('conntrackd_uptime_seconds', uptime_seconds);
  const events = {
    received: netlink.events_received,
    filtered: netlink.events_filtered,
    unknown: netlink.events_unknown_type,
    failed: netlink.catch_event_failed,
  };
  for (const [result, figure] of Object.entries(events))
    metrics.add('conntrackd_netlink_events_total', figure, { result });
  metrics.add('conntrackd_netlink_overruns_total', netlink.overrun);
  metrics.add('conntrackd_netlink_buffer_bytes', netlink.buffer_size);
  metrics.add('conntrackd_resyncs_total', netlink.resync_with_kernel_table);
  for (const [reason, figure] of Object.entries(childFailures(runtime)))
    metrics.add('conntrackd_child_failures_total', figure, { reason });
}

/** The page counts all of them, and two kinds apart; what is left has no name there. */
function childFailures(runtime: DaemonRuntime['runtime']): Record<string, Counter | undefined> {
  const { child_process_failed: all, child_process_segfault: segfault, child_process_termsig: termsig } = runtime;
  const rest =
    all === undefined || segfault === undefined || termsig === undefined ? undefined : { all, segfault, termsig };
  const other = rest && BigInt(rest.all) - BigInt(rest.segfault) - BigInt(rest.termsig);
  // Each of them wraps by itself.
  return { segfault, termsig, other: other === undefined || other < 0n ? undefined : Number(other) };
}

/** Which of conntrackd's two kinds of caches: of flows, or of expectations. */
export type CacheTable = 'conntrack' | 'expect';

/** The caches of one kind, of `-s cache` or of `-s expect`. */
export function cacheMetrics(caches: readonly CacheStatistics[], table: CacheTable, metrics: MetricSet): void {
  for (const { name: cache, active, ...operations } of caches) {
    metrics.add('conntrackd_cache_entries', active, { cache, table });
    for (const operation of ['created', 'updated', 'destroyed'] as const) {
      const { total, failed } = operations[operation];
      const done = { cache, table, operation };
      metrics.add('conntrackd_cache_operations_total', total, { ...done, result: 'ok' });
      metrics.add('conntrackd_cache_operations_total', failed, { ...done, result: 'failed' });
    }
  }
}

/** Why operations failed; `-s cache` alone says it. */
export function cacheFailureMetrics(caches: readonly CacheDetails[], metrics: MetricSet): void {
  for (const { name: cache, ...operations } of caches)
    for (const operation of ['created', 'updated', 'destroyed'] as const)
      for (const [reason, figure] of Object.entries(reasonsOf(operations[operation])))
        metrics.add('conntrackd_cache_failures_total', figure, { cache, operation, reason });
}

function reasonsOf({ no_memory, no_space, not_found }: CacheOperations): Record<string, Counter | undefined> {
  return { no_memory, no_space, not_found };
}

/** conntrackd's `-s network` page, without its link: `-s link` has all of them. */
export function networkMetrics({ received, sequence }: NetworkPage, metrics: MetricSet): void {
  // What is malformed in all is the sum of these.
  const { malformed: _all, ...reasons } = received;
  for (const [reason, figure] of Object.entries(reasons))
    metrics.add('conntrackd_messages_malformed_total', figure, { reason });
  metrics.add('conntrackd_messages_lost_total', sequence.lost);
  metrics.add('conntrackd_messages_before_total', sequence.before);
}

/** The dedicated links, with their names put right (status/links.ts). */
export function linkMetrics(links: readonly DedicatedLink[], metrics: MetricSet): void {
  links.forEach((found, i) => {
    const of = { link: String(i + 1), device: found.device };
    for (const direction of ['sent', 'received'] as const) {
      const { bytes, packets, errors } = found[direction];
      metrics.add('conntrackd_link_bytes_total', bytes, { ...of, direction });
      metrics.add('conntrackd_link_packets_total', packets, { ...of, direction });
      metrics.add('conntrackd_link_errors_total', errors, { ...of, direction });
    }
    metrics.add('conntrackd_link_active', found.role === 'ACTIVE' ? 1 : 0, of);
    const running = found.status === 'RUNNING' && found.interface_missing === undefined;
    metrics.add('conntrackd_link_running', running ? 1 : 0, of);
  });
}

/** What conntrackd prints as the limit of a queue that has none. */
const NO_LIMIT = 0x7fff_ffff;

/** conntrackd's `-s queue` page. */
export function queueMetrics(queues: readonly MessageQueue[], metrics: MetricSet): void {
  for (const { name: queue, elements, limit, no_space } of queues) {
    metrics.add('conntrackd_queue_elements', elements, { queue });
    metrics.add('conntrackd_queue_elements_limit', limit < NO_LIMIT ? limit : undefined, { queue });
    metrics.add('conntrackd_queue_nospace_total', no_space, { queue });
    // The same number as on the page of the resend queue, which lists every message that is in it.
    if (queue === 'rsqueue') metrics.add('conntrackd_resend_queue_length', elements);
  }
}

/** What the children of conntrackd can be at work with (formats.md §10). */
const CHILDREN = ['any', 'flush', 'commit', 'unknown'];

/** conntrackd's `-s process` page. */
export function processMetrics({ children }: ProcessPage, metrics: MetricSet): void {
  const kinds = children.map(({ type }) => (CHILDREN.includes(type) ? type : 'unknown'));
  for (const type of CHILDREN)
    metrics.add('conntrackd_children', kinds.filter((kind) => kind === type).length, { type });
}
