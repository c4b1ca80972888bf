import type { FlowRow } from '../model/flow-row.js';
import { leftOut } from './columns.js';
import type { FlowColumn } from './flow-columns.js';
import { folded } from './fold-lists.js';

/** Those of the columns that a terminal has room for, and what is to be said above them of the others. */
export function fittingColumns(
  columns: readonly FlowColumn[],
  sample: readonly FlowRow[],
  terminal: number | undefined,
): { columns: readonly FlowColumn[]; legend: string } {
  const out = leftOut(columns, sample, terminal);
  return { columns: columns.filter((column) => !out.includes(column)), legend: leftOutLegend(out, terminal) };
}

function leftOutLegend(columns: readonly FlowColumn[], terminal = Infinity): string {
  if (columns.length === 0) return '';
  const titles = columns.map(({ title }) => title).join(', ');
  const names = columns.map(({ name }) => name).join(',');
  return [
    folded(`Not shown, for want of room: ${titles}.`, terminal, { at: 'commas', indent: '  ' }),
    folded(`A wider terminal, a pipe, or --columns ${names} shows them.`, terminal, { at: 'words', indent: '  ' }),
  ].join('\n');
}
