import type { LogEvent } from '../../src/model/daemon-log.js';

const TABLES = { all: 'all external caches', flows: 'conntrack cache', expectations: 'expectation cache' } as const;
const CACHES = { all: 'caches', internal: 'internal cache', external: 'external cache' } as const;
const SOCKET = 'netlink event socket buffer size';

/** The message by which conntrackd tells of an event (formats.md §11); undefined where its words are not all in the event. */
export function printEvent(event: LogEvent): string | undefined {
  switch (event.type) {
    case 'commit_started':
      return `committing ${TABLES[event.table!]}`;
    case 'committed':
      return event.flows === undefined
        ? `Committed ${event.expectations} new expectations`
        : `Committed ${event.flows} new entries`;
    case 'commit_failed':
      return event.flows === undefined
        ? `${event.expectations} expectations can't be committed`
        : `${event.flows} entries can't be committed`;
    case 'commit_took':
      return `commit has taken ${event.seconds?.toFixed(6)} seconds`;
    case 'commit_refused':
      return 'commit already in progress, skipping';
    case 'resync_requested':
      return event.by === 'this_node' ? 'resync requested' : 'resync requested by other node';
    case 'bulk_update':
      return 'sending bulk update';
    case 'kernel_resync':
      return `resync with master ${event.table === 'flows' ? 'conntrack' : 'expect'} table`;
    case 'resync_unsupported':
      return 'resync is unsupported in this mode';
    case 'cache_flush':
      return `flushing ${CACHES[event.cache!]}`;
    case 'kernel_flush':
      return `flushing kernel ${event.table === 'flows' ? 'conntrack' : 'expect'} table${event.scheduled ? ' (scheduled)' : ''}`;
    case 'kernel_flush_scheduled':
      return `flushing conntrack table in ${event.seconds} secs`;
    case 'flush_refused':
      return 'ignoring flush command, commit still in progress';
    case 'link_active':
      return `device \`${event.device}' becomes dedicated link`;
    case 'link_none':
      return 'no dedicated links available!';
    case 'netlink_buffer_set':
      return `${SOCKET} has been set to ${event.bytes} bytes`;
    case 'netlink_buffer_doubled':
      return `${SOCKET} has been doubled to ${event.bytes} bytes`;
    case 'child_aborted':
      return event.signal === 11
        ? undefined
        : `child process (pid=${event.child}) has aborted, received termination signal (${event.signal})`;
    case 'initialized':
      return 'initialization completed';
    case 'initialization_failed':
      return 'initialization failed';
    case 'started':
      return `-- starting in ${event.mode} mode --`;
    case 'shutdown':
      return '---- shutdown received ----';
    case 'commit_object_failed':
    case 'injection_failed':
    case 'netlink_buffer_limit':
      return undefined;
  }
}
