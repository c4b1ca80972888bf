/** The five views (and the table of the other family), each with the file of a recorded router that it reads. */
export const VIEWS = [
  { command: 'show conntrack table ipv4', file: 'table-ipv4.txt' },
  { command: 'show conntrack table ipv6', file: 'table-ipv6.txt' },
  { command: 'show conntrack-sync cache internal', file: 'cache-internal.txt' },
  { command: 'show conntrack-sync cache external', file: 'cache-external.txt' },
  { command: 'show conntrack-sync statistics', file: 'status/s.txt' },
  { command: 'show conntrack-sync status', file: 'status' },
];

/** The view that is shown again after the failover, on both routers. */
export const AFTER_FAILOVER = { command: 'show conntrack-sync status', file: 'status-after-failover' };
