import { type AnewSign, COUNTER_PAGES, type CounterGrowth, type NodeCounters } from '../../model/bundle-counters.js';
import { type BundleItem, isAbsent } from '../../model/bundle.js';
import type { FlowCount } from '../../model/flow-count.js';
import type { CacheSize } from '../../model/sync-status.js';
import { flowCount, parseCapturedCount } from '../../parsers/flow-count.js';
import { daemonGrowth, kernelGrowth, withoutGrowth } from '../../sync/counter-growth.js';
import { namedCounters } from '../../sync/named-counters.js';
import { restartBetween } from '../../sync/restart.js';
import { isTrouble } from '../../sync/troubles.js';
import { type CounterReading, counterReading, secondsBetween, signOf } from '../contents/counter-reading.js';
import type { NodeContents } from '../contents/node-contents.js';

/**
 * The figures of a node that are looked at first.
 *
 * @throws what is no Failure, and INTERRUPTED
 */
export async function countersOf(contents: NodeContents): Promise<NodeCounters> {
  const before = await counterReading(contents, 1);
  const now = await counterReading(contents, 2);
  const table = await tableOf(contents);
  const caches = cachesOf(now) ?? cachesOf(before);
  const restarted = restartIn(before, now);
  const lacks = [...contents.lacks, ...unread(contents.node.items)];
  const troubles = [...troublesOfKernel(before, now), ...troublesOfDaemon(before, now, restarted)];
  return {
    node: contents.node.name,
    ...(table && { table }),
    ...(caches && { caches }),
    pages: pagesOf(before, now),
    troubles: troubles.filter(({ now: value }) => value > 0),
    ...(restarted && { restarted }),
    ...(lacks.length > 0 && { lacks }),
  };
}

/** Counters that the host has and that could not be had, by reason: a daemon that hangs is one for all its pages. */
function unread(items: readonly BundleItem[]): string[] {
  const failed = items.filter((item) => item.sample !== undefined && item.error !== undefined && !isAbsent(item));
  const [first] = failed;
  if (first?.error === undefined) return [];
  const more = failed.length === 1 ? '' : ` and ${failed.length - 1} more`;
  return [`What ${first.name}${more} would tell is not known: ${first.error.message}`];
}

async function tableOf(contents: NodeContents): Promise<FlowCount | undefined> {
  const settings = await contents.text('kernel/sysctl.txt');
  const { count, ...others } = parseCapturedCount(settings?.text ?? '');
  return count === undefined ? undefined : flowCount(count, others);
}

function cachesOf({ statistics: { main } }: CounterReading): CacheSize[] | undefined {
  return main?.caches.map(({ name, kind, active }) => ({ name, kind, ...(active === undefined ? {} : { active }) }));
}

function pagesOf(before: CounterReading, now: CounterReading): NodeCounters['pages'] {
  return COUNTER_PAGES.filter((page) => before.at.has(page) || now.at.has(page)).map((page) => {
    const seconds = secondsBetween(before, now, page) ?? 0;
    return { page, ...(seconds > 0 && { seconds }) };
  });
}

function restartIn(before: CounterReading, now: CounterReading): AnewSign | undefined {
  return restartBetween(signOf(before), signOf(now), secondsBetween(before, now, 'runtime'));
}

function troublesOfKernel(before: CounterReading, now: CounterReading): CounterGrowth[] {
  const last = now.kernel ?? before.kernel;
  if (last === undefined) return [];
  const troubles = kernelGrowth(before.kernel ?? last, last, (page) => secondsBetween(before, now, page)).filter(
    isTrouble,
  );
  return before.kernel && now.kernel ? troubles : troubles.map(withoutGrowth);
}

/** A page that was read once only has no growth; neither has that of a daemon that was started anew. */
function troublesOfDaemon(
  before: CounterReading,
  now: CounterReading,
  restarted: AnewSign | undefined,
): CounterGrowth[] {
  const [first, second] = [before, now].map(({ statistics }) => namedCounters(statistics).filter(isTrouble)) as [
    ReturnType<typeof namedCounters>,
    ReturnType<typeof namedCounters>,
  ];
  const secondsOf = (page: CounterGrowth['page']) => secondsBetween(before, now, page);
  const twice = daemonGrowth(first, second, secondsOf);
  const isTwice = ({ page, counter }: { page: string; counter: string }): boolean =>
    twice.some((each) => each.page === page && each.counter === counter);
  const once = [...first, ...second].filter((each) => !isTwice(each));
  return [
    ...(restarted ? twice.map(withoutGrowth) : twice),
    ...daemonGrowth(once, once, () => undefined).map(withoutGrowth),
  ];
}
