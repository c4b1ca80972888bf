import type { SignedSample } from '../../src/model/daemon-sign.js';

const DONE = { total: 10, failed: 0 };
const LINK = { sent: { bytes: 1000, packets: 10, errors: 0 }, received: { bytes: 1000, packets: 10, errors: 0 } };

/** What a check has kept of a node that is well, with a counter beyond 2^53. */
export const KEPT: SignedSample = {
  sample: {
    at: 5000,
    pages: {
      main: {
        caches: [{ name: 'internal', kind: 'cache', active: 3, created: DONE, updated: DONE, destroyed: DONE }],
        messages: { malformed: 0, lost: 2n ** 63n },
      },
      cache: {
        caches: [
          { name: 'internal', kind: 'cache', active: 3, total: 3, created: DONE, updated: DONE, destroyed: DONE },
        ],
      },
      runtime: { uptime_seconds: 60, netlink: { events_received: 5, overrun: 0 }, runtime: {} },
      link: { links: [{ transport: 'multicast', device: 'eth0', status: 'RUNNING', role: 'ACTIVE', ...LINK }] },
      queue: { allocated_nodes: 0, queues: [] },
    },
    unacknowledged: 3,
    sockets: [{ address: '0.0.0.0', port: 3780, drops: 0 }],
    tracking: { insert_failed: 5, drop: 0, early_drop: 0 },
    flows: 100,
  },
  process: { pid: 7, start_ticks: 100 },
};
