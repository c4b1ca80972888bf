import { gauge, type MetricDescription } from './description.js';

const OURSELVES = 'ctsync';
const SECONDS = { unit: 'seconds' } as const;

/** What this node does in the pair, and how its metrics came about. */
export const PAIR_METRICS = {
  ctsync_role: gauge(
    'keepalived.conf, ip -j addr',
    'Whether this node has the role for the sync group, by the virtual addresses that it holds',
    ['sync_group', 'role'],
  ),
  ctsync_last_transition_timestamp_seconds: gauge(
    'failover-state of the failover hook',
    'When the last transition was recorded',
    [],
    SECONDS,
  ),
  ctsync_check_status: gauge(OURSELVES, 'Verdict of the check by one sample: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN', [
    'check',
  ]),
  ctsync_collection_timestamp_seconds: gauge(OURSELVES, 'When these metrics were read', [], SECONDS),
  ctsync_collector_success: gauge(OURSELVES, 'Whether all that the collector reads is there; else none of it is', [
    'collector',
  ]),
  ctsync_collector_duration_seconds: gauge(
    OURSELVES,
    'How long the collector took; absent where it was not asked',
    ['collector'],
    SECONDS,
  ),
} as const satisfies Record<string, MetricDescription>;
