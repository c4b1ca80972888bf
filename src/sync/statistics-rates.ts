import type { DaemonPages, SyncStatistics } from '../model/daemon-pages.js';
import type { StatisticsRates } from '../model/daemon-rates.js';
import { cacheRates } from './cache-rates.js';
import { activeLinkRates, linkPageRates } from './link-rates.js';
import { Meter } from './meter.js';

/** Rates between two readings of one run of conntrackd, and what an operator should know of them. */
export interface MeasuredRates {
  rates: StatisticsRates;
  /** Sentences. */
  notes: string[];
}

/**
 * The rates of all counters on the pages that were read twice.
 *
 * @param seconds between the readings, above 0
 */
export function statisticsRates(before: SyncStatistics, now: SyncStatistics, seconds: number): MeasuredRates {
  const meter = new Meter(seconds);
  const rates: StatisticsRates = {
    ...twice('main', before.main, now.main, (a, b) => tableRates(meter, 'main', a, b)),
    ...twice('expect', before.expect, now.expect, (a, b) => tableRates(meter, 'expect', a, b)),
    ...twice('network', before.network, now.network, (a, b) => networkRates(meter, a, b)),
    ...twice('cache', before.cache, now.cache, (a, b) => ({ caches: cacheRates(meter, 'cache', a.caches, b.caches) })),
    ...twice('runtime', before.runtime, now.runtime, (a, b) => runtimeRates(meter, a, b)),
    ...twice('link', before.link, now.link, (a, b) => linkPageRates(meter, a, b)),
    ...twice('queue', before.queue, now.queue, (a, b) => queueRates(meter, a, b)),
  };
  return { rates, notes: meter.notes() };
}

/** What is made of a page that was there both times, under its name. */
function twice<Name extends keyof StatisticsRates, Page>(
  name: Name,
  before: Page | undefined,
  now: Page | undefined,
  measure: (before: Page, now: Page) => Rates<Name>,
): Pick<StatisticsRates, Name> {
  const rates = before === undefined || now === undefined ? {} : { [name]: measure(before, now) };
  return rates as Pick<StatisticsRates, Name>;
}

type Rates<Name extends keyof StatisticsRates> = NonNullable<StatisticsRates[Name]>;

function tableRates(
  meter: Meter,
  page: 'main' | 'expect',
  before: DaemonPages['main'],
  now: DaemonPages['main'],
): Rates<'main'> {
  const [traffic, messages] = [now.traffic_processed, now.messages];
  return {
    caches: cacheRates(meter, page, before.caches, now.caches),
    ...(traffic && {
      traffic_processed: meter.rates(`${page}, traffic processed`, 64, before.traffic_processed ?? {}, traffic),
    }),
    ...activeLinkRates(meter, page, before.link, now.link),
    ...(messages && { messages: meter.rates(`${page}, messages`, 64, before.messages ?? {}, messages) }),
  };
}

/** Two of its figures are 32 bits wide although their column has 20 characters (formats.md §10). */
function networkRates(meter: Meter, before: DaemonPages['network'], now: DaemonPages['network']): Rates<'network'> {
  const { bad_size: sizeBefore, ...earlier } = before.received;
  const { bad_size: size, ...later } = now.received;
  return {
    received: {
      ...meter.rates('network, received', 64, earlier, later),
      ...meter.rates('network, received', 32, { bad_size: sizeBefore }, { bad_size: size }),
    },
    sent: meter.rates('network, sent', 32, before.sent, now.sent),
    sequence: meter.rates('network, sequence', 64, before.sequence, now.sequence),
    ...activeLinkRates(meter, 'network', before.link, now.link),
  };
}

/** The size of the buffer is no counter. */
function runtimeRates(meter: Meter, before: DaemonPages['runtime'], now: DaemonPages['runtime']): Rates<'runtime'> {
  const [earlier, later] = [netlinkByWidth(before), netlinkByWidth(now)];
  return {
    netlink: {
      ...meter.rates('runtime', 64, earlier.wide, later.wide),
      ...meter.rates('runtime', 32, earlier.narrow, later.narrow),
    },
    runtime: meter.rates('runtime', 32, before.runtime, now.runtime),
  };
}

function netlinkByWidth({ netlink }: DaemonPages['runtime']) {
  const { events_received, events_filtered, buffer_size: _, ...narrow } = netlink;
  return {
    wide: {
      ...(events_received !== undefined && { events_received }),
      ...(events_filtered !== undefined && { events_filtered }),
    },
    narrow,
  };
}

/** How many messages wait is no counter. */
function queueRates(meter: Meter, before: DaemonPages['queue'], now: DaemonPages['queue']): Rates<'queue'> {
  const queues = now.queues.flatMap(({ name, no_space }) => {
    const earlier = before.queues.find((queue) => queue.name === name);
    if (earlier === undefined) return [];
    return [{ name, ...meter.rates(`queue ${name}`, 32, { no_space: earlier.no_space }, { no_space }) }];
  });
  return { queues };
}
