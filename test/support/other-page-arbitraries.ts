import fc from 'fast-check';
import type {
  CacheDetails,
  CachePage,
  NetworkPage,
  ProcessPage,
  QueuePage,
  ResendQueue,
  UnacknowledgedMessage,
} from '../../src/model/daemon-pages.js';
import { cache, counter, synchronising, uncountedFailures } from './page-arbitraries.js';

/** The `-s network` page. */
export const network: fc.Arbitrary<NetworkPage> = fc
  .record({
    received: fc.record({
      malformed: counter,
      wrong_version: counter,
      malformed_header: counter,
      malformed_payload: counter,
      bad_type: counter,
      truncated: counter,
      bad_size: counter,
    }),
    sent: fc.record({ malformed: counter }),
    sequence: fc.record({ lost: counter, before: counter }),
    table: synchronising,
  })
  .map(({ table, ...page }) => ({ ...page, link: table.link! }));

function details(name: string): fc.Arbitrary<CacheDetails> {
  const counted = { total: counter, failed: counter };
  return fc.record({
    name: fc.constant(name),
    kind: fc.constant('cache' as const),
    active: counter,
    total: counter,
    created: fc.record({ ...counted, no_memory: counter, no_space: counter }),
    updated: fc.record({ ...counted, not_found: counter }),
    destroyed: fc.record({ ...counted, not_found: counter }),
  });
}

const internal = fc.oneof(details('internal'), bypass());

function bypass(): fc.Arbitrary<CacheDetails> {
  return fc
    .record({ created: uncountedFailures, updated: uncountedFailures, destroyed: uncountedFailures })
    .map((operations) => ({ name: 'internal', kind: 'bypass' as const, ...operations }));
}

/** The `-s cache` page, in the modes that synchronise and in statistics mode. */
export const cachePage: fc.Arbitrary<CachePage> = fc
  .oneof(
    fc.tuple(internal, fc.oneof(details('external'), cache('external', 'inject'))),
    details('stats').map((stats) => [stats]),
  )
  .map((caches) => ({ caches }));

const NAMES = ['txqueue', 'errorq', 'rsqueue'];

/** The `-s queue` page, with and without the queue that FTFW mode has. */
export const queuePage: fc.Arbitrary<QueuePage> = fc
  .record({
    allocated_nodes: counter,
    figures: fc.array(fc.record({ elements: counter, limit: counter, no_space: counter }), {
      minLength: 2,
      maxLength: 3,
    }),
  })
  .map(({ allocated_nodes, figures }) => ({
    allocated_nodes,
    queues: figures.map((queue, i) => ({ name: NAMES[i]!, ...queue })),
  }));

const message: fc.Arbitrary<UnacknowledgedMessage> = fc.oneof(
  fc.record({ kind: fc.constant('control' as const), seq: counter, flags: counter }),
  fc.record({ kind: fc.constant('object' as const), seq: counter }),
);

/** The `-s rsqueue` page. */
export const resendQueue: fc.Arbitrary<ResendQueue> = fc
  .array(message, { maxLength: 20 })
  .map((messages) => ({ length: messages.length, messages }));

/** The `-s process` page. */
export const processPage: fc.Arbitrary<ProcessPage> = fc
  .array(
    fc.record({
      pid: fc.integer({ min: 1, max: 4_194_304 }),
      type: fc.constantFrom('any', 'flush', 'commit', 'unknown'),
    }),
    { maxLength: 3 },
  )
  .map((children) => ({ children }));
