import type { FlowTop, GroupCounts, GroupFields, TopAnswer, TopMetric } from '../model/flow-top.js';
import { bar } from './bar.js';
import { footer } from './dump-footer.js';
import { groupCell, groupTitle } from './group-cells.js';
import { grouped, percent } from './scaled.js';
import { figuresOf } from './top-figures.js';

/** How groups are to look. */
export interface TopView {
  /** The fields of their keys, in their order. */
  names: readonly (keyof GroupFields)[];
  /** Width of the terminal; absent: a pipe or a file. */
  terminal: number | undefined;
  /** Whether bars may be drawn with block characters. */
  blocks: boolean;
}

const USUAL_WIDTH = 80;
const WIDEST_BAR = 20;
/** A shorter one says nothing. */
const NARROWEST_BAR = 5;
const GAP = '  ';
const INDENT = '    ';

/** The largest groups, what is left, the total, and what is known of the reading. */
export function renderTopTable({ top, verdict }: TopAnswer, view: TopView): string {
  if (top.total.flows === 0 && top.groups.length === 0 && !top.total.change)
    return `No flows.\n${footer(verdict, false)}`;
  return [...topLines(top, view), ''].join('\n') + footer(verdict, true);
}

/** The same without what is known of the reading: line by line. */
export function topLines(top: FlowTop, view: TopView): string[] {
  return [...introduction(top), ...table(top, view)];
}

function introduction({ metric, interval, exact }: FlowTop): string[] {
  const lines: string[] = [];
  if (interval?.readings === 1) lines.push(`Flows that began within the last ${interval.seconds} s.`);
  else if (interval) lines.push(`Between two readings, ${interval.seconds.toFixed(1)} s apart.`);
  if (!exact) lines.push(...inexact(metric));
  return lines.length === 0 ? [] : [...lines, ''];
}

function inexact(metric: TopMetric): string[] {
  const others = metric === 'flows' ? 'UNREPLIED' : 'FLOWS and UNREPLIED';
  return [
    'There are more groups than are counted one by one. What they are ordered by is',
    `wrong by ERROR at the most, and ${others} may be too low.`,
  ];
}

/** One line of the table, cell by cell. */
interface Line {
  rank: string;
  /** The fields of a group, or the name of a line that stands for several. */
  keys: readonly string[];
  figures: readonly string[];
  share: string;
  /** Absent: no bar. */
  part?: number;
  unreplied: string;
}

function table(top: FlowTop, view: TopView): string[] {
  const figures = figuresOf(top);
  const cells = (counts: GroupCounts) => ({
    figures: figures.map(({ of }) => of(counts)),
    unreplied: percent(counts.flows > 0 ? Math.min(counts.unreplied / counts.flows, 1) : 0),
  });
  const groups = top.groups.map((group, i): Line => ({
    rank: String(i + 1),
    keys: view.names.map((name) => groupCell(group, name)),
    share: percent(group.share),
    part: group.share,
    ...cells(group),
  }));
  const { other } = top;
  const title: Line = {
    rank: '#',
    keys: view.names.map(groupTitle),
    figures: figures.map(({ title }) => title),
    share: 'SHARE',
    unreplied: 'UNREPLIED',
  };
  const rest: Line[] = other
    ? [{ rank: '', keys: [otherName(other.groups)], share: percent(other.share), ...cells(other) }]
    : [];
  const total: Line = { rank: '', keys: ['total'], share: '', ...cells(top.total) };
  return laidOut([title, ...groups, ...rest, total], view);
}

function otherName(groups: number | undefined): string {
  if (groups === undefined) return 'other groups';
  return `${grouped(groups)} other ${groups === 1 ? 'group' : 'groups'}`;
}

function laidOut(lines: readonly Line[], { names, terminal, blocks }: TopView): string[] {
  const width = (of: (line: Line) => string | undefined): number =>
    lines.reduce((widest, line) => Math.max(widest, of(line)?.length ?? 0), 0);
  const rankWidth = width(({ rank }) => rank);
  const keyWidths = names.map((_, i) => width(({ keys }) => (keys.length === names.length ? keys[i] : '')));
  const keysOf = ({ keys }: Line): string =>
    keys.length === names.length ? keys.map((key, i) => key.padEnd(keyWidths[i]!)).join(GAP) : keys.join(GAP);
  const keysWidth = width(keysOf);
  const figureWidths = lines[0]!.figures.map((_, i) => width(({ figures }) => figures[i]));
  const shareWidth = width(({ share }) => share);
  const unrepliedWidth = width(({ unreplied }) => unreplied);

  const head = (line: Line): string => [line.rank.padStart(rankWidth), keysOf(line).padEnd(keysWidth)].join(GAP);
  const tail = (line: Line, barWidth: number): string => {
    const drawn = line.part === undefined ? '' : bar(line.part, barWidth, blocks);
    return [
      ...line.figures.map((figure, i) => figure.padStart(figureWidths[i]!)),
      ...(barWidth === 0 ? [] : [drawn.padEnd(barWidth)]),
      line.share.padStart(shareWidth),
      line.unreplied.padStart(unrepliedWidth),
    ].join(GAP);
  };

  const headWidth = head(lines[0]!).length;
  const tailWidth = tail(lines[0]!, 0).length;
  const room = (terminal ?? USUAL_WIDTH) - GAP.length;
  if (terminal !== undefined && headWidth + GAP.length + tailWidth > terminal) {
    const barWidth = barOf(room - INDENT.length - tailWidth);
    const breaks = breaksFor(rankWidth, keyWidths, terminal);
    return lines.flatMap((line) => {
      const named = line.keys.length === names.length ? broken(line, rankWidth, keyWidths, breaks) : [head(line)];
      return [...named, INDENT + tail(line, barWidth)].map((text) => text.trimEnd());
    });
  }
  const barWidth = barOf(room - headWidth - GAP.length - tailWidth);
  return lines.map((line) => `${head(line)}${GAP}${tail(line, barWidth)}`.trimEnd());
}

/** The keys that begin a line of their own, because those before them fill the terminal: addresses are never cut. */
function breaksFor(rankWidth: number, keyWidths: readonly number[], terminal: number): ReadonlySet<number> {
  const breaks = new Set<number>();
  let used = rankWidth;
  keyWidths.forEach((width, i) => {
    if (i > 0 && used + GAP.length + width > terminal) {
      breaks.add(i);
      used = INDENT.length + width;
    } else used += GAP.length + width;
  });
  return breaks;
}

function broken(
  line: Line,
  rankWidth: number,
  keyWidths: readonly number[],
  breaks: ReadonlySet<number>,
): readonly string[] {
  const lines = [line.rank.padStart(rankWidth)];
  line.keys.forEach((key, i) => {
    const padded = key.padEnd(keyWidths[i]!);
    if (breaks.has(i)) lines.push(INDENT + padded);
    else lines[lines.length - 1] += GAP + padded;
  });
  return lines;
}

function barOf(room: number): number {
  return room < NARROWEST_BAR ? 0 : Math.min(room, WIDEST_BAR);
}
