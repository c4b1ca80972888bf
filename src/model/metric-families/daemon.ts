import { counter, gauge, type MetricDescription } from './description.js';

const RUNTIME = 'conntrackd -s runtime';
const CACHE = 'conntrackd -s cache';
const BOTH_TABLES = 'conntrackd -s cache, conntrackd -s expect';
const NETWORK = 'conntrackd -s network';
const LINK = 'conntrackd -s link';
const QUEUE = 'conntrackd -s queue';
const LOG = "conntrackd's log";

/** A link's place in the configuration tells two of one interface apart, and those whose interface has no name any more. */
const OF_LINK = ['link', 'device'];
const ONE_WAY = [...OF_LINK, 'direction'];
const BYTES = { unit: 'bytes' } as const;
const SECONDS = { unit: 'seconds' } as const;

/** What conntrackd tells of itself and of the dedicated links. */
export const DAEMON_METRICS = {
  conntrackd_up: gauge(RUNTIME, 'Whether conntrackd answered; 0 also where it could not be asked'),
  conntrackd_info: {
    type: 'info',
    source: 'conntrackd -v, conntrackd.conf',
    labels: ['version', 'mode'],
    help: 'Version of the installed conntrackd, and the mode of its configuration',
  },
  conntrackd_uptime_seconds: gauge(RUNTIME, 'Time since conntrackd was started, in whole minutes', [], SECONDS),
  conntrackd_cache_entries: gauge(BOTH_TABLES, 'Objects in the cache that are alive', ['cache', 'table']),
  conntrackd_cache_operations_total: counter(BOTH_TABLES, 'Objects created, updated and destroyed in the cache', [
    'cache',
    'table',
    'operation',
    'result',
  ]),
  conntrackd_cache_failures_total: counter(CACHE, 'Operations on the cache of flows that failed, by reason', [
    'cache',
    'operation',
    'reason',
  ]),
  conntrackd_link_bytes_total: counter(LINK, 'Bytes over the dedicated link', ONE_WAY, BYTES),
  conntrackd_link_packets_total: counter(LINK, 'Packets over the dedicated link', ONE_WAY),
  conntrackd_link_errors_total: counter(LINK, 'Errors of the dedicated link', ONE_WAY),
  conntrackd_link_active: gauge(LINK, 'Whether the dedicated link is the one in use', OF_LINK),
  conntrackd_link_running: gauge(LINK, 'Whether the interface of the dedicated link exists and runs', OF_LINK),
  conntrackd_messages_malformed_total: counter(NETWORK, 'Messages of the peer that were thrown away', ['reason']),
  conntrackd_messages_lost_total: counter(NETWORK, 'Messages of the peer that are missing by sequence number'),
  conntrackd_messages_before_total: counter(NETWORK, 'Messages of the peer that came late or twice'),
  conntrackd_queue_elements: gauge(QUEUE, 'Messages in the queue', ['queue']),
  conntrackd_queue_elements_limit: gauge(QUEUE, 'Messages that the queue takes, where there is a limit', ['queue']),
  conntrackd_queue_nospace_total: counter(QUEUE, 'Messages that the queue had no room for', ['queue']),
  conntrackd_resend_queue_length: gauge(QUEUE, 'Messages that the peer has not acknowledged yet, in FTFW mode'),
  conntrackd_netlink_events_total: counter(
    RUNTIME,
    'Events of the kernel; received are all of them, the others those among them that were not taken',
    ['result'],
  ),
  conntrackd_netlink_overruns_total: counter(
    RUNTIME,
    'How often the kernel had more events than the buffer had room for',
  ),
  conntrackd_netlink_buffer_bytes: gauge(RUNTIME, 'Size of the buffer for events of the kernel', [], BYTES),
  conntrackd_resyncs_total: counter(RUNTIME, 'How often conntrackd read the table of the kernel anew'),
  conntrackd_children: gauge('conntrackd -s process', 'Children of conntrackd that are at work now', ['type']),
  conntrackd_child_failures_total: counter(RUNTIME, 'Children of conntrackd that ended by a signal', ['reason']),
  conntrackd_commit_entries: gauge(LOG, 'Objects that the last commit put into the kernel, and that it could not', [
    'table',
    'result',
  ]),
  conntrackd_commit_duration_seconds: gauge(LOG, 'How long the last commit took', ['table'], SECONDS),
  conntrackd_commit_timestamp_seconds: gauge(LOG, 'When the last commit ended', ['table'], SECONDS),
} as const satisfies Record<string, MetricDescription>;
