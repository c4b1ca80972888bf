import type { Metric } from '../../model/check.js';
import type { NodeObservation, NodeSample } from '../../model/node-observation.js';
import type { Counter } from '../../model/number.js';
import { type CounterWidth, ratePerSecond } from '../counters.js';

/** A figure of a sample: what it is called, where it stands, how wide it is where it is a counter. */
export interface Figure {
  name: string;
  of: (sample: NodeSample) => Counter | undefined;
  /** The page or field that has it, as {@link NodeObservation.unread} calls that. */
  page: string;
  /** Why a node may lack it whose page can be read: half a sentence. */
  absent: string;
  unit?: Metric['unit'];
  /** It only rises, so its rate is a figure, too. */
  width?: CounterWidth;
}

const UNSHOWN = 'conntrackd does not show it';
const UNCOUNTED = 'the kernel does not count it';

/** The figures about conntrackd. */
export const SYNC: readonly Figure[] = [
  {
    name: 'internal',
    of: (sample) => cacheOf(sample, 'internal'),
    page: 'main',
    absent: 'conntrackd keeps no internal cache',
  },
  {
    name: 'external',
    of: (sample) => cacheOf(sample, 'external'),
    page: 'main',
    absent: 'conntrackd keeps no external cache',
  },
  {
    name: 'unacknowledged',
    of: (sample) => sample.unacknowledged,
    page: 'queue',
    absent: 'conntrackd keeps no resend queue, which only FTFW mode has',
  },
  {
    name: 'lost',
    of: (sample) => sample.pages.main?.messages?.lost,
    page: 'main',
    absent: UNSHOWN,
    width: 64,
  },
  {
    name: 'malformed',
    of: (sample) => sample.pages.main?.messages?.malformed,
    page: 'main',
    absent: UNSHOWN,
    width: 64,
  },
  {
    name: 'send_errors',
    of: (sample) => sample.pages.main?.link?.sent.errors,
    page: 'main',
    absent: UNSHOWN,
    width: 64,
  },
  { name: 'receive_drops', of: dropsOf, page: 'sockets', absent: 'conntrackd receives on no UDP socket', width: 32 },
  {
    name: 'overruns',
    of: (sample) => sample.pages.runtime?.netlink.overrun,
    page: 'runtime',
    absent: UNSHOWN,
    width: 32,
  },
  {
    name: 'uptime',
    of: (sample) => sample.pages.runtime?.uptime_seconds,
    page: 'runtime',
    absent: UNSHOWN,
    unit: 's',
  },
];

/** The figures about the kernel's table, but for how full it is. */
export const KERNEL: readonly Figure[] = [
  { name: 'flows', of: (sample) => sample.flows, page: 'flows', absent: UNCOUNTED },
  { name: 'insert_failed', of: (sample) => sample.tracking?.insert_failed, ...counted() },
  { name: 'drop', of: (sample) => sample.tracking?.drop, ...counted() },
  { name: 'early_drop', of: (sample) => sample.tracking?.early_drop, ...counted() },
];

function counted(): Pick<Figure, 'page' | 'absent' | 'width'> {
  return { page: 'tracking', absent: UNCOUNTED, width: 32 };
}

/** How full the kernel's table is, per cent. */
export const USED = 'used';

/** The names of the figures about conntrackd, and of those about the kernel's table. */
export const SYNC_FIGURES: readonly string[] = namesOf(SYNC);
export const KERNEL_FIGURES: readonly string[] = [USED, ...namesOf(KERNEL)];

/** What conntrackd does, in figures; those that are not known are left out. */
export function syncFigures(node: NodeObservation): Metric[] {
  return figuresOf(SYNC, node);
}

/** How full the kernel's table is, and what goes wrong with it. */
export function kernelFigures(node: NodeObservation): Metric[] {
  const { now, limit } = node;
  if (now.flows === undefined || limit === undefined || limit === 0) return figuresOf(KERNEL, node);
  const used = Math.round((now.flows / limit) * 10_000) / 100;
  const [flows, ...others] = figuresOf(KERNEL, node);
  return [{ name: USED, value: used, unit: '%', max: 100 }, { ...flows!, max: limit }, ...others];
}

function namesOf(figures: readonly Figure[]): string[] {
  return figures.flatMap(({ name, width }) => (width === undefined ? [name] : [name, rateName(name)]));
}

function figuresOf(figures: readonly Figure[], { before, now }: NodeObservation): Metric[] {
  return figures.flatMap(({ name, of, unit, width }): Metric[] => {
    const value = of(now);
    if (value === undefined) return [];
    if (width === undefined) return [{ name, value, ...(unit === undefined ? {} : { unit }) }];
    const rate = before && rateOf(of(before), value, width, (now.at - before.at) / 1000);
    return [{ name, value, unit: 'c' }, ...(rate === undefined ? [] : [{ name: rateName(name), value: rate }])];
  });
}

function rateOf(before: Counter | undefined, now: Counter, width: CounterWidth, seconds: number): number | undefined {
  return before === undefined || seconds <= 0 ? undefined : ratePerSecond(before, now, width, seconds);
}

/** What the rate of a counter is called. */
export function rateName(name: string): string {
  return `${name}_per_second`;
}

function cacheOf({ pages }: NodeSample, name: string): Counter | undefined {
  return pages.main?.caches.find((cache) => cache.name === name)?.active;
}

/** Of all sockets on the ports of the links; none where there is no such socket, as with TCP. */
function dropsOf({ sockets }: NodeSample): Counter | undefined {
  return sockets?.length ? sockets.reduce((sum, { drops }) => sum + Number(drops), 0) : undefined;
}
