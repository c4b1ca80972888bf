import type { FlowCount } from './flow-count.js';
import type { Counter } from './number.js';
import type { CacheSize } from './sync-status.js';

/** Where a counter stands: on a page of conntrackd's, or among the kernel's (`conntrack -S`). */
export type CounterPage = 'kernel' | 'main' | 'expect' | 'network' | 'cache' | 'runtime' | 'link' | 'queue';

/** All of them, in the order in which they are shown. */
export const COUNTER_PAGES = [
  'kernel',
  'main',
  'expect',
  'network',
  'cache',
  'runtime',
  'link',
  'queue',
] as const satisfies readonly CounterPage[];

/** A counter that was read twice. */
export interface CounterGrowth {
  page: CounterPage;
  /** Its keys in the JSON of that page, with the name of a cache, link or queue among them: `caches.internal.created.failed`. */
  counter: string;
  /** The first reading; of the kernel's counters the sum over all CPUs, as `now`. */
  before: Counter;
  now: Counter;
  /**
   * By how much it grew. A counter of 32 bits begins again at 0 after 4294967295, which is seen once: over a long time it may
   * have grown by that range more, once or several times. Absent where it can't be told: the program was started anew, or the
   * counter fell.
   */
  grown?: Counter;
  /**
   * How many bits it has, each CPU's for itself in the kernel.
   * @asType integer
   */
  bits: 32 | 64;
  /** Seconds between the readings, by the clock of the node; absent where that was set back. */
  seconds?: number;
  /** What it grew by for each second; absent where one of both is not known. */
  per_second?: number;
}

/** By what it was seen that conntrackd was started anew, or the node. */
export type AnewSign = 'boot' | 'process' | 'uptime' | 'events';

/** The figures of a node that are looked at first, from the pages in a bundle. What they do not tell is absent. */
export interface NodeCounters {
  /** Its name in the bundle. */
  node: string;
  /** How full the kernel's table was. */
  table?: FlowCount;
  /** Of the second reading, or else of the first. */
  caches?: CacheSize[];
  /** The pages with counters that could be read, in the order of {@link COUNTER_PAGES}. */
  pages: {
    page: CounterPage;
    /** Between its two readings, by the clock of the node; absent where it was read once, or the clock was set back. */
    seconds?: number;
  }[];
  /**
   * What speaks of trouble and is not 0, in its last reading: messages lost or malformed, errors of links, failures of caches
   * and of the daemon, full queues, and flows that the kernel could not put into its table or threw out.
   */
  troubles: CounterGrowth[];
  /** That conntrackd was started anew between both readings: its counters then have not grown by anything that is known. */
  restarted?: AnewSign;
  /** Why figures are missing, in sentences. */
  lacks?: string[];
}
