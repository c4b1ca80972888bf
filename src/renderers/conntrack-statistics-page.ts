import Table from 'cli-table3';
import type { ConntrackStatistics, TrackingCounters } from '../model/conntrack-statistics.js';
import { BORDERLESS } from './borderless.js';
import { escapeControl } from './escape.js';
import type { Sink } from './sink.js';
import { theme } from './theme.js';

/** A terminal's usual width; a pipe has no other. */
const YARDSTICK = 80;
const GAP = 2;

/** What each counter counts; the model says it at length. */
const MEANINGS: Readonly<Record<keyof TrackingCounters, string>> = {
  found: 'tuples that NAT wanted but were taken',
  invalid: 'packets that fit no flow',
  insert: 'flows put in by programs',
  insert_failed: 'new flows not put in',
  drop: 'packets dropped with their new flow',
  early_drop: 'flows thrown out for want of room',
  error: 'broken ICMP packets',
  search_restart: 'lookups begun again',
  clash_resolve: 'races to begin a flow, resolved',
  chaintoolong: 'new flows refused: full bucket',
  expect_new: 'expectations met',
  expect_create: 'expectations made',
  expect_delete: 'expectations removed',
  searched: 'steps of lookups (old kernels)',
  new: 'flows begun (old kernels)',
  ignore: 'packets not tracked (old kernels)',
  delete: 'flows ended (old kernels)',
  delete_list: 'flows set dying (old kernels)',
};

const WRAPPING = 'Counters of a CPU wrap at 4294967296: a total that has fallen has wrapped.\n';

/** A row for each counter: its total, each CPU's figure where all of them fit, and what it counts where that fits, too. */
export function renderConntrackStatistics(
  statistics: ConntrackStatistics,
  { columns = YARDSTICK, colour }: Pick<Sink, 'columns' | 'colour'>,
): string {
  const { total, cpus, entries, read_from: from } = statistics;
  if (cpus.length === 0) return 'No counters.\n';
  const names = Object.keys(total) as (keyof TrackingCounters)[];
  const sums = column(
    'TOTAL',
    names.map((name) => String(total[name])),
  );
  const perCpu = cpus.map(({ cpu, counters }) =>
    column(
      `CPU ${cpu}`,
      names.map((name) => String(counters[name])),
    ),
  );
  const left = column('COUNTER', names);
  const meaning = column(
    'MEANING',
    names.map((name) => MEANINGS[name]),
  );

  const all = [left, sums, ...perCpu];
  const fits = widthOf(all) <= columns;
  const shown = fits ? all : [left, sums];
  const numbers = shown.length;
  if (widthOf([...shown, meaning]) <= columns) shown.push(meaning);
  return [
    layOut(shown, numbers, colour),
    '\n',
    ...(fits ? [] : [`The figures of ${cpus.length} CPUs do not fit into ${columns} columns; --json has them.\n`]),
    WRAPPING,
    ...(from === 'proc' ? [fromProc(entries)] : []),
    ...unknown(statistics),
  ].join('');
}

interface Column {
  cells: string[];
  width: number;
}

function column(title: string, cells: readonly string[]): Column {
  const all = [title, ...cells];
  return { cells: all, width: Math.max(...all.map((cell) => cell.length)) };
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP, -GAP);
}

/** Names and meanings to the left, figures to the right, so that their digits stand below each other. */
function layOut(columns: readonly Column[], numbers: number, colour: boolean): string {
  const last = columns.length - 1;
  const table = new Table({
    ...BORDERLESS,
    colWidths: columns.map(({ width }, i) => width + (i < last ? GAP : 0)),
  });
  const rows = columns[0]!.cells.map((_, row) =>
    columns.map(({ cells, width }, i) => (i > 0 && i < numbers ? cells[row]!.padStart(width) : cells[row]!)),
  );
  table.push(...rows);
  const [header = '', ...body] = table.toString().replace(/ +$/gm, '').split('\n');
  return [theme(colour).heading(header), ...body].map((line) => `${line}\n`).join('');
}

function fromProc(entries: ConntrackStatistics['entries']): string {
  const flows = entries === undefined ? '' : ` It counts ${entries} flows in the table.`;
  return `Read from /proc/net/stat/nf_conntrack.${flows}\n`;
}

/** What ctsync has no name for is shown as it was printed. */
function unknown({ cpus, extra = [] }: ConntrackStatistics): string[] {
  const figures = cpus.flatMap((cpu) => (cpu.extra ? [`CPU ${cpu.cpu}: ${cpu.extra.join(' ')}`] : []));
  const lines = [...figures, ...extra];
  return lines.length === 0 ? [] : ['\nnot known to ctsync:\n', ...lines.map((line) => `  ${escapeControl(line)}\n`)];
}
