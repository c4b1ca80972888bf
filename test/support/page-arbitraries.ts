import fc from 'fast-check';
import type { DedicatedLink } from '../../src/model/link.js';
import { type Counter, counterOf } from '../../src/model/number.js';
import type { DaemonRuntime } from '../../src/model/runtime.js';
import type { CacheStatistics, TableStatistics } from '../../src/model/statistics.js';

/** Any number of 64 bits. */
export const counter: fc.Arbitrary<Counter> = fc.bigInt(0n, 2n ** 64n - 1n).map((value) => counterOf(String(value)));
const device = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 255 }), fc.constantFrom(10, 32, 41, 58)), { minLength: 1, maxLength: 15 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'))
  // A name that ends its title early, on a line of its own, can't be told from the title's end.
  .filter((name) => !/:\s*\n/.test(name));
const traffic = fc.record({ bytes: counter, packets: counter, errors: counter });
const counted = fc.record({ total: counter, failed: counter });
/** Operations of a bypass, whose failures nobody counts. */
export const uncountedFailures = fc.record({ total: counter });

/** A page of a daemon in one of the Sync modes. */
export const synchronising: fc.Arbitrary<TableStatistics> = fc.record({
  caches: fc.tuple(
    fc.oneof(
      cache('internal', 'cache'),
      fc.record({
        name: fc.constant('internal'),
        kind: fc.constant('bypass' as const),
        created: uncountedFailures,
        updated: uncountedFailures,
        destroyed: uncountedFailures,
      }),
    ),
    fc.oneof(cache('external', 'cache'), cache('external', 'inject')),
  ),
  traffic_processed: fc.record({ bytes: counter, packets: counter }),
  link: fc.oneof(
    fc.record(
      { transport: fc.constantFrom('multicast' as const, 'udp' as const), device, sent: traffic, received: traffic },
      { requiredKeys: ['transport', 'sent', 'received'] },
    ),
    fc.record({
      transport: fc.constant('tcp' as const),
      device,
      server: fc.constantFrom('connected' as const, 'disconnected' as const),
      client: fc.constantFrom('connected' as const, 'disconnected' as const),
      sent: traffic,
      received: traffic,
    }),
  ),
  messages: fc.record({ malformed: counter, lost: counter }),
});

/** A page of a daemon in statistics mode. */
export const countingOnly: fc.Arbitrary<TableStatistics> = fc.record({
  caches: fc.tuple(cache('stats', 'cache')),
  traffic_processed: fc.record({ bytes: counter, packets: counter }),
});

/** A cache of the general page, or an injection. */
export function cache(name: string, kind: 'cache' | 'inject'): fc.Arbitrary<CacheStatistics> {
  return fc
    .record({ active: counter, created: counted, updated: counted, destroyed: counted })
    .map(({ active, ...operations }) => ({ name, kind, ...(kind === 'cache' && { active }), ...operations }));
}

const link: fc.Arbitrary<DedicatedLink> = fc.record(
  {
    transport: fc.constantFrom('multicast' as const, 'udp' as const, 'tcp' as const),
    device,
    status: fc.constantFrom('RUNNING', 'NO-CARRIER', 'DOWN'),
    role: fc.constant('BACKUP'),
    sent: traffic,
    received: traffic,
  },
  { requiredKeys: ['transport', 'status', 'role', 'sent', 'received'] },
);

/** The links of a `-s link` page: one of them is in use. */
export const links: fc.Arbitrary<DedicatedLink[]> = fc
  .tuple(fc.array(link, { minLength: 1, maxLength: 4 }), fc.nat())
  .map(([all, used]) => all.map((each, i) => ({ ...each, role: i === used % all.length ? 'ACTIVE' : 'BACKUP' })));

/** The `-s runtime` page. */
export const runtime: fc.Arbitrary<DaemonRuntime> = fc
  .record({
    time: fc.record({ days: fc.nat(5000), hours: fc.nat(23), minutes: fc.nat(59) }),
    netlink: fc.record({
      events_received: counter,
      events_filtered: counter,
      events_unknown_type: counter,
      catch_event_failed: counter,
      dump_unknown_type: counter,
      overrun: counter,
      flush_kernel_table: counter,
      resync_with_kernel_table: counter,
      buffer_size: counter,
    }),
    runtime: fc.record({
      child_process_failed: counter,
      child_process_segfault: counter,
      child_process_termsig: counter,
      select_failed: counter,
      wait_failed: counter,
      local_read_failed: counter,
      local_unknown_request: counter,
    }),
  })
  .map(({ time: { days, hours, minutes }, ...counters }) => ({
    uptime: `${days > 0 ? `${days} day${days > 1 ? 's' : ''} ` : ''}${hours > 0 ? `${hours} h ` : ''}${minutes} min`,
    uptime_seconds: ((days * 24 + hours) * 60 + minutes) * 60,
    ...counters,
  }));
