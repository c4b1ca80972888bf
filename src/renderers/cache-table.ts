import type { CacheName, DumpVerdict } from '../model/dump.js';
import { flagNames, type FlowRow, natNames } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import { type Column, ColumnLayout } from './columns.js';
import { countOf, stateOf } from './dump-footer.js';
import { duration } from './duration.js';
import { fittingColumns } from './fitting-columns.js';
import { NOTHING, writeDestination, writeProtocol, writeSource } from './flow-cells.js';
import { type FlowColumn, WIDE_COLUMNS } from './flow-columns.js';
import { grouped } from './scaled.js';
import { BufferedSink, type Sink } from './sink.js';
import type { TextBuffer } from './text-buffer.js';
import { theme } from './theme.js';
import { writeFlows } from './write-flows.js';

const MOST = 60;

/** How the table of a cache is to look. */
export interface CacheView {
  cache: CacheName;
  /** What an operator looks for first, or every field in a column of its own. */
  width: 'narrow' | 'wide';
  /** These columns instead, in their order, whether they fit or not. */
  columns?: readonly FlowColumn[] | undefined;
}

/** One of conntrackd's caches: a row for each flow as it comes, a count line, and what is so of every such table. */
export async function renderCacheTable(flows: FlowStream, view: CacheView, sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  const colours = theme(sink.colour);
  let layout: ColumnLayout<FlowRow> | undefined;
  const rows = await writeFlows(
    flows,
    out,
    (row) => layout!.write(row, out),
    (batch) => {
      const { columns, legend } = columnsFor(view, batch, sink.columns);
      layout = new ColumnLayout(columns, batch, sink.columns, colours);
      if (legend !== '') out.text(`${colours.faint(legend)}\n\n`);
      out.text(`${colours.heading(layout.header().trimEnd())}\n`);
    },
  );
  const verdict = flows.verdict();
  const below = [countLine(verdict, view.cache), ...(verdict.remarks ?? [])];
  out.text(`${rows > 0 ? '\n' : ''}${below.join('\n')}\n`);
  await out.flush();
}

/** As below a table of the kernel's flows; of flows that were picked it says from how many. */
function countLine(verdict: DumpVerdict, cache: CacheName): string {
  const { scanned, matched } = verdict.summary;
  const picked = scanned !== undefined && scanned !== matched;
  const state = stateOf(verdict);
  const counted = `${countOf(verdict, picked ? 'matching ' : '')} in the ${cache} cache`;
  const judged = state === undefined ? counted : `${counted}, ${state}`;
  return picked ? `${judged} (${grouped(scanned)} looked at).` : `${judged}.`;
}

const CACHED_FOR: Column<FlowRow> = column('CACHED FOR', (out, row) =>
  out.text(row.activeSince.given ? duration(row.number(row.activeSince)) : NOTHING),
);

const COLUMNS: readonly Column<FlowRow>[] = [
  column('SOURCE', (out, row) => writeSource(out, row, row.original)),
  column('DESTINATION', (out, row) => writeDestination(out, row, row.original)),
  column('PROTOCOL', writeProtocol),
  column('STATE', writeState),
  column('REPLY or NAT', writeReply),
  CACHED_FOR,
];

/** Columns of the kernel's table that have nothing to show of a cache (formats.md §9). */
const IN_NO_CACHE: readonly string[] = ['id', 'timeout', 'packets', 'bytes'];
const ONLY_INTERNAL: readonly string[] = ['reply_source', 'reply_destination', 'nat'];
const AGES: readonly FlowColumn[] = [
  { ...CACHED_FOR, name: 'active_since', rank: 3 },
  {
    ...column('EXPIRES IN', (out, row) =>
      out.text(row.expiresIn.given ? duration(row.number(row.expiresIn)) : NOTHING),
    ),
    name: 'expires_in',
    rank: 5,
  },
];

function columnsFor(
  { cache, width, columns }: CacheView,
  sample: readonly FlowRow[],
  terminal: number | undefined,
): { columns: readonly Column<FlowRow>[]; legend: string } {
  if (columns) return { columns, legend: '' };
  if (width === 'narrow') return { columns: COLUMNS, legend: '' };
  return fittingColumns(wideColumns(cache, sample), sample, terminal);
}

/** Every field that such lines can have. */
function wideColumns(cache: CacheName, sample: readonly FlowRow[]): readonly FlowColumn[] {
  // Without an internal cache these are lines of the kernel's table, though without its ids.
  if (!sample.some(({ activeSince }) => activeSince.given)) return WIDE_COLUMNS.filter(({ name }) => name !== 'id');
  const without = cache === 'internal' ? IN_NO_CACHE : [...IN_NO_CACHE, ...ONLY_INTERNAL];
  // Only in mode ALARM do objects expire by themselves.
  const ages = sample.some(({ expiresIn }) => expiresIn.given) ? AGES : AGES.slice(0, 1);
  return [...WIDE_COLUMNS.filter(({ name }) => !without.includes(name)), ...ages];
}

function column(title: string, write: (out: TextBuffer, row: FlowRow) => unknown): Column<FlowRow> {
  return { title, width: title.length + 1, most: MOST, write };
}

/** The protocol's state, and what conntrackd says in brackets. */
function writeState(out: TextBuffer, row: FlowRow): void {
  const words = [...(row.state.given ? [row.text(row.state)] : []), ...flagNames(row.status)];
  out.text(words.join(' ') || NOTHING);
}

/** What is translated, or that replies mirror the original; the external cache has no reply tuple to tell it from. */
function writeReply(out: TextBuffer, row: FlowRow): void {
  const { reply } = row;
  const nat = natNames(row.nat());
  if (!reply.src.given) out.text(NOTHING);
  else if (nat.length === 0) out.text('mirrored');
  else {
    nat.forEach((side, i) => {
      out.text(i === 0 ? side : ` ${side}`).text(' ');
      if (side === 'snat') writeDestination(out, row, reply);
      else writeSource(out, row, reply);
    });
  }
}
