import type { FlowTop, GroupFields } from '../model/flow-top.js';
import { csvText } from './flow-csv.js';
import { groupText } from './group-cells.js';

const END = '\r\n';
const COUNTS = ['flows', 'unreplied', 'bytes', 'packets', 'new', 'change', 'per_second', 'share', 'error'] as const;

/**
 * Groups as comma-separated values (RFC 4180), each with its rank and its key. Only what is shown: other groups and the
 * total would be counted twice by whoever adds up a column.
 */
export function renderTopCsv({ groups, total, exact }: FlowTop, names: readonly (keyof GroupFields)[]): string {
  const given = COUNTS.filter((name) => name === 'share' || (name === 'error' ? !exact : name in total));
  const lines = groups.map((group, i) => [
    i + 1,
    ...names.map((name) => csvText(groupText(group, name) ?? '')),
    ...given.map((name) => String(group[name] ?? '')),
  ]);
  return [['rank', ...names, ...given], ...lines].map((cells) => cells.join(',') + END).join('');
}
