import type { Metric } from '../../model/check.js';
import type { NodeObservation, NodeSample } from '../../model/node-observation.js';
import type { Counter } from '../../model/number.js';
import { type CounterWidth, ratePerSecond } from '../counters.js';

/** A figure of a sample: what it is called, where it stands, how wide it is where it is a counter. */
interface Figure {
  name: string;
  of: (sample: NodeSample) => Counter | undefined;
  unit?: Metric['unit'];
  /** It only rises, so its rate is a figure, too. */
  width?: CounterWidth;
}

const SYNC: readonly Figure[] = [
  { name: 'internal', of: (sample) => cacheOf(sample, 'internal') },
  { name: 'external', of: (sample) => cacheOf(sample, 'external') },
  { name: 'unacknowledged', of: (sample) => sample.unacknowledged },
  { name: 'lost', of: (sample) => sample.pages.main?.messages?.lost, width: 64 },
  { name: 'malformed', of: (sample) => sample.pages.main?.messages?.malformed, width: 64 },
  { name: 'send_errors', of: (sample) => sample.pages.main?.link?.sent.errors, width: 64 },
  { name: 'receive_drops', of: dropsOf, width: 32 },
  { name: 'overruns', of: (sample) => sample.pages.runtime?.netlink.overrun, width: 32 },
  { name: 'uptime', of: (sample) => sample.pages.runtime?.uptime_seconds, unit: 's' },
];

const KERNEL: readonly Figure[] = [
  { name: 'flows', of: (sample) => sample.flows },
  { name: 'insert_failed', of: (sample) => sample.tracking?.insert_failed, width: 32 },
  { name: 'drop', of: (sample) => sample.tracking?.drop, width: 32 },
  { name: 'early_drop', of: (sample) => sample.tracking?.early_drop, width: 32 },
];

const USED = 'used';

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

function rateName(name: string): string {
  return `${name}_per_second`;
}

function cacheOf({ pages }: NodeSample, name: string): Counter | undefined {
  return pages.main?.caches.find((cache) => cache.name === name)?.active;
}

/** Of all sockets on the ports of the links. */
function dropsOf({ sockets }: NodeSample): Counter | undefined {
  return sockets?.reduce((sum, { drops }) => sum + Number(drops), 0);
}
