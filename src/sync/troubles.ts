import type { CounterGrowth, CounterPage } from '../model/bundle-counters.js';

/** The counters of a page that should stay at 0, or at least stand. */
const TROUBLE: Readonly<Record<CounterPage, RegExp>> = {
  kernel: /^(?:insert_failed|drop|early_drop|search_restart|chaintoolong)$/,
  main: /^messages\.|\.(?:failed|errors)$/,
  expect: /\.failed$/,
  network: /./,
  cache: /\.(?:no_memory|no_space|not_found)$/,
  runtime: /^runtime\.|^netlink\.(?:events_unknown_type|catch_event_failed|dump_unknown_type|overrun)$/,
  link: /\.errors$/,
  queue: /\.no_space$/,
};

/** Whether a counter speaks of trouble: something was lost, refused or could not be done. */
export function isTrouble({ page, counter }: Pick<CounterGrowth, 'page' | 'counter'>): boolean {
  return TROUBLE[page].test(counter);
}
