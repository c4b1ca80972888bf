import { closest } from 'fastest-levenshtein';
import { Failure } from '../model/failure.js';
import { FLOW_COLUMNS, type FlowColumn } from './flow-columns.js';
import { FLOW_FIELDS, NAME_FIELDS, type FlowField } from './flow-fields.js';

/** Short names of the fields that are asked for most. */
const SHORT: Readonly<Record<string, string>> = {
  src: 'original_src',
  dst: 'original_dst',
  sport: 'original_sport',
  dport: 'original_dport',
};

/**
 * The columns that `--columns` names; undefined where it was not given.
 *
 * @throws Failure USAGE
 */
export function columnsOf(names: string | undefined): FlowColumn[] | undefined {
  return chosen(names, FLOW_COLUMNS);
}

const FIELDS: ReadonlyMap<string, FlowField> = new Map(
  [...FLOW_FIELDS, ...NAME_FIELDS].map((field) => [field.name, field]),
);

/**
 * As {@link columnsOf}, for formats that have a field in each column.
 *
 * @throws Failure USAGE
 */
export function fieldsOf(names: string | undefined): FlowField[] | undefined {
  return chosen(names, FIELDS);
}

function chosen<T>(names: string | undefined, known: ReadonlyMap<string, T>): T[] | undefined {
  const words = names?.split(',').map((word) => word.trim());
  const columns = words?.map((word) => named(word, known));
  const twice = columns?.findIndex((column, i) => columns.indexOf(column) < i) ?? -1;
  if (twice >= 0)
    throw new Failure('USAGE', `--columns has ${words![twice]!} twice.`, { next: 'Leave one of them out.' });
  return columns;
}

function named<T>(word: string, known: ReadonlyMap<string, T>): T {
  const name = word.toLowerCase().replaceAll('-', '_');
  const found = known.get(name) ?? known.get(SHORT[name] ?? '');
  if (found !== undefined) return found;
  const all = [...known.keys()];
  const guess = word === '' ? '' : `Did you mean ${closest(name, all)}? `;
  throw new Failure('USAGE', `--columns does not know ${JSON.stringify(word)}.`, {
    next: `${guess}There are ${all.join(', ')}.`,
  });
}
