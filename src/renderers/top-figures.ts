import type { FlowTop, GroupCounts, TopGroup } from '../model/flow-top.js';
import { grouped, scaled } from './scaled.js';

/** A column of numbers. */
export interface Figure {
  title: string;
  of: (counts: GroupCounts) => string;
}

/** The columns that a metric asks for: what the groups are ordered by first. */
export function figuresOf({ metric, interval, exact }: FlowTop): Figure[] {
  const flows: Figure = { title: 'FLOWS', of: (counts) => grouped(counts.flows) };
  const error: Figure[] = exact ? [] : [{ title: 'ERROR', of: errorOf }];
  const rate = (title: string, sign = ''): Figure => ({
    title,
    of: ({ per_second = 0 }) => (per_second > 0 ? sign : '') + scaled(per_second),
  });
  switch (metric) {
    case 'flows':
      return interval ? [rate('CHANGE/s', '+'), flows, ...error] : [flows, ...error];
    case 'new':
      return [{ title: 'NEW', of: (counts) => grouped(counts.new ?? 0) }, rate('NEW/s'), ...error, flows];
    default: {
      const title = metric.toUpperCase();
      const sum: Figure = { title, of: (counts) => scaled(counts[metric] ?? 0) };
      return [interval ? rate(`${title}/s`) : sum, ...error, flows];
    }
  }
}

/** Only a group has one. */
function errorOf(counts: GroupCounts | TopGroup): string {
  return 'error' in counts && counts.error !== undefined ? `±${scaled(counts.error)}` : '';
}
