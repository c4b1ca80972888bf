import type { CounterComparison } from '../../model/bundle-comparison.js';
import type { AnewSign, CounterGrowth, CounterPage } from '../../model/bundle-counters.js';
import { daemonGrowth, kernelGrowth, withoutGrowth } from '../../sync/counter-growth.js';
import { namedCounters } from '../../sync/named-counters.js';
import { restartBetween } from '../../sync/restart.js';
import { isTrouble } from '../../sync/troubles.js';
import { type CounterReading, secondsBetween, signOf } from '../contents/counter-reading.js';
import type { Judgement } from '../contents/judgement.js';
import type { NodeContents } from '../contents/node-contents.js';
import type { Both } from './both.js';

/** The last reading of counters of a node in a bundle, and the process that was judged then. */
export interface LastReading {
  reading: CounterReading;
  judgement: Judgement | undefined;
}

/**
 * By how much counters grew between two bundles. Where the node or conntrackd was started anew, they began again at 0, and
 * have no growth that is known.
 */
export function comparedCounters({ a, b }: Both, first: LastReading, second: LastReading): CounterComparison {
  const [before, now] = [first.reading, second.reading];
  const seconds = (Date.parse(b.node.collected_at) - Date.parse(a.node.collected_at)) / 1000;
  const rebooted = a.node.boot_id !== undefined && b.node.boot_id !== undefined && a.node.boot_id !== b.node.boot_id;
  const restarted = rebooted ? 'boot' : seconds < 0 ? undefined : restartOf(first, second);
  const secondsOf = (page: CounterPage): number | undefined => secondsBetween(before, now, page);
  const known = (grown: CounterGrowth[], anew: boolean): CounterGrowth[] =>
    (anew || seconds < 0 ? grown.map(withoutGrowth) : grown).filter(isChanged);
  const kernel = before.kernel && now.kernel ? kernelGrowth(before.kernel, now.kernel, secondsOf) : [];
  const daemon = daemonGrowth(namedCounters(before.statistics), namedCounters(now.statistics), secondsOf);
  const lacks = [...lacksOf(before, now, seconds), ...(missesPages(a) && missesPages(b) ? [NEITHER] : [])];
  const changes = [...known(kernel, rebooted), ...known(daemon, restarted !== undefined)];
  return {
    troubles: changes.filter(isTrouble),
    usual: changes.filter((change) => !isTrouble(change)),
    ...(restarted && { restarted }),
    ...(lacks.length > 0 && { lacks }),
  };
}

function isChanged({ before, now, grown }: CounterGrowth): boolean {
  return before !== now || (grown !== undefined && grown > 0);
}

/** Another process may have the same number in a namespace of its own: then its uptime tells. */
function restartOf(first: LastReading, second: LastReading): AnewSign | undefined {
  const [pid, later] = [first.judgement?.pid, second.judgement?.pid];
  if (pid !== undefined && later !== undefined && pid !== later) return 'process';
  const seconds = secondsBetween(first.reading, second.reading, 'runtime');
  return restartBetween(signOf(first.reading), signOf(second.reading), seconds);
}

const NEITHER = 'Neither bundle has all pages of counters.';

function missesPages({ partial }: NodeContents): boolean {
  return partial.some(({ name }) => name.startsWith('counters-'));
}

function lacksOf(before: CounterReading, now: CounterReading, seconds: number): string[] {
  const pages = [...new Set([...before.at.keys(), ...now.at.keys()])];
  const once = pages.filter((page) => before.at.has(page) !== now.at.has(page));
  return [
    ...(seconds < 0 ? ['B was collected before A: what counters rose by is not told.'] : []),
    ...(once.length === 0 ? [] : [`Only one of the bundles has the pages of: ${once.join(', ')}.`]),
  ];
}
