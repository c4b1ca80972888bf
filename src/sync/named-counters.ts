import type { CounterPage } from '../model/bundle-counters.js';
import type { CacheDetails, SyncStatistics } from '../model/daemon-pages.js';
import type { DedicatedLink } from '../model/link.js';
import type { Counter } from '../model/number.js';
import type { CacheStatistics } from '../model/statistics.js';
import type { CounterWidth } from './counters.js';

/** A counter of one of conntrackd's pages, by where it stands. */
export interface NamedCounter {
  page: CounterPage;
  /** See `CounterGrowth`. */
  counter: string;
  value: Counter;
  bits: CounterWidth;
}

/**
 * The counters of conntrackd's pages, each once: what two pages have is taken from the one that has more of it. Sizes are no
 * counters.
 */
export function namedCounters({ main, expect, network, cache, runtime, link, queue }: SyncStatistics): NamedCounter[] {
  const { events_received, events_filtered, buffer_size: _, ...events } = runtime?.netlink ?? {};
  const { bad_size, malformed: __, ...received } = network?.received ?? {};
  return [
    ...cachesOf('main', main?.caches),
    ...figures('main', 'traffic_processed', 64, main?.traffic_processed),
    ...(link ? [] : trafficOf('main', 'link', main?.link)),
    ...figures('main', 'messages', 64, main?.messages),
    ...cachesOf('expect', expect?.caches),
    ...figures('network', 'received', 64, received),
    ...figures('network', 'received', 32, { bad_size }),
    ...figures('network', 'sent', 32, network?.sent),
    ...figures('network', 'sequence', 64, { before: network?.sequence.before }),
    ...(cache?.caches ?? []).flatMap(reasonsOf),
    ...figures('runtime', 'netlink', 64, { events_received, events_filtered }),
    ...figures('runtime', 'netlink', 32, events),
    ...figures('runtime', 'runtime', 32, runtime?.runtime),
    ...(link?.links ?? []).flatMap((of, i) => trafficOf('link', nameOfLink(of, i), of)),
    ...(queue?.queues ?? []).flatMap(({ name, no_space }) => figures('queue', `queues.${name}`, 32, { no_space })),
  ];
}

const OPERATIONS = ['created', 'updated', 'destroyed'] as const;

function cachesOf(page: CounterPage, caches: readonly CacheStatistics[] = []): NamedCounter[] {
  return caches.flatMap((cache) =>
    OPERATIONS.flatMap((operation) => figures(page, `caches.${cache.name}.${operation}`, 32, { ...cache[operation] })),
  );
}

/** Why operations failed, which the general page does not tell. */
function reasonsOf(cache: CacheDetails): NamedCounter[] {
  return OPERATIONS.flatMap((operation) => {
    const { total: _, failed: __, ...reasons } = cache[operation];
    return figures('cache', `caches.${cache.name}.${operation}`, 32, reasons);
  });
}

/** Two links may have one device. */
function nameOfLink({ device }: DedicatedLink, index: number): string {
  return `links.${index + 1}${device === undefined ? '' : `.${device}`}`;
}

function trafficOf(
  page: CounterPage,
  of: string,
  link: Pick<DedicatedLink, 'sent' | 'received'> | undefined,
): NamedCounter[] {
  if (link === undefined) return [];
  return [
    ...figures(page, `${of}.sent`, 64, { ...link.sent }),
    ...figures(page, `${of}.received`, 64, { ...link.received }),
  ];
}

function figures(page: CounterPage, of: string, bits: CounterWidth, known: object = {}): NamedCounter[] {
  const counters = Object.entries(known) as [string, Counter | undefined][];
  return counters.flatMap(([name, value]) =>
    value === undefined ? [] : [{ page, counter: `${of}.${name}`, value, bits }],
  );
}
