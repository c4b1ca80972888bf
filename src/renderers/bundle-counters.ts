import { type AnewSign, COUNTER_PAGES, type CounterGrowth, type NodeCounters } from '../model/bundle-counters.js';
import type { FlowCount } from '../model/flow-count.js';
import { escapeControl } from './escape.js';
import { grouped, percent } from './scaled.js';

/** Writes one line of a page: its name, and what it says. */
export type Line = (name: string, value: string) => string;

const GAP = '  ';

/** How full the table and the caches were, and the counters of trouble: a line each. */
export function counterLines(
  { table, caches = [], pages, troubles, restarted, lacks = [] }: NodeCounters,
  line: Line,
): string[] {
  const sizes = caches.map(
    ({ name, kind, active }) => `${name} ${active === undefined ? `[${kind}]` : grouped(active)}`,
  );
  return [
    line('flows', table ? fullness(table) : 'not in the bundle'),
    ...(sizes.length === 0 ? [] : [line('caches', sizes.join(', '))]),
    line('counters', readings(pages)),
    ...(restarted ? [line('', `conntrackd was started anew between the readings [${SEEN[restarted]}]`)] : []),
    ...lacks.map((lack) => line('', lack)),
    ...(pages.length === 0 ? [] : troubleLines(troubles, absentFrom(pages), line)),
  ];
}

/** By what it was seen, in words. */
export const SEEN: Readonly<Record<AnewSign, string>> = {
  boot: 'another boot id',
  process: 'another process',
  uptime: 'its uptime fell or lags behind',
  events: 'it has received fewer events',
};

/** A counter as a person reads it: `main: messages lost`. */
export function counterName({ page, counter }: Pick<CounterGrowth, 'page' | 'counter'>): string {
  const words = counter
    .replace(/^(?:caches|links|queues)\./, '')
    .replaceAll('.', ' ')
    .replaceAll('_', ' ');
  return escapeControl(`${page}: ${words}`);
}

/** `+5 in 12.3 s`, or why it is not known. */
export function growthText({ grown, seconds, per_second: rate }: CounterGrowth): string {
  if (grown === undefined) return 'not known';
  const rose = grown > 0 ? `+${grouped(grown)}` : '0';
  if (seconds === undefined) return rose;
  return rate === undefined || grown === 0 ? rose : `${rose}, ${rate}/s`;
}

function fullness({ flows, limit, used }: FlowCount): string {
  const count = grouped(flows);
  if (limit === undefined) return count;
  return used === undefined ? `${count}, without a limit` : `${count} of ${grouped(limit)} [${percent(used)}]`;
}

function readings(pages: NodeCounters['pages']): string {
  if (pages.length === 0) return 'not in the bundle';
  const seconds = pages.flatMap(({ seconds: each }) => each ?? []);
  const once = pages.filter(({ seconds: each }) => each === undefined).map(({ page }) => page);
  const absent = absentFrom(pages);
  return [
    ...(seconds.length === 0 ? [] : [`read twice, ${Math.min(...seconds).toFixed(1)} s apart`]),
    ...(once.length === 0 ? [] : [`${once.join(', ')} read once`]),
    ...(absent.length === 0 ? [] : [`not there: ${absent.join(', ')}`]),
  ].join('; ');
}

function absentFrom(pages: NodeCounters['pages']): string[] {
  return COUNTER_PAGES.filter((page) => !pages.some((each) => each.page === page));
}

/** What only some nodes have: no expectations are synchronised elsewhere. */
const NOT_EVERYWHERE = 'expect';

/** @param absent pages that nobody could look at */
function troubleLines(troubles: readonly CounterGrowth[], absent: readonly string[], line: Line): string[] {
  if (troubles.length === 0) {
    const isKnown = absent.every((page) => page === NOT_EVERYWHERE);
    return [line('troubles', isKnown ? 'none: nothing was lost, refused or full' : 'none in the pages that are there')];
  }
  const rows = [
    { name: 'TROUBLE', total: 'TOTAL', rose: 'ROSE BY' },
    ...troubles.map((each) => ({ name: counterName(each), total: grouped(each.now), rose: growthText(each) })),
  ];
  const [nameWidth, totalWidth] = [widest(rows.map(({ name }) => name)), widest(rows.map(({ total }) => total))];
  return rows.map(
    ({ name, total, rose }) => `${[name.padEnd(nameWidth), total.padStart(totalWidth), rose].join(GAP)}\n`,
  );
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(({ length }) => length));
}
