import { TextBuffer } from './text-buffer.js';
import { type Theme, theme } from './theme.js';

/** A column of a streamed table. */
export interface Column<Row> {
  title: string;
  /** Characters of the column with the space behind it; grows to fit a first sample up to `most`. */
  width: number;
  /** Absent: the column is as wide as `width`, whatever the sample holds. */
  most?: number;
  /** Writes the row's cell, in ASCII. */
  write(out: TextBuffer, row: Row): void;
  /** How the cell looks on a terminal. */
  style?(row: Row, theme: Theme): Style | undefined;
}

type Style = (text: string) => string;

/** How far lines after the first of one row are indented. */
const INDENT = '    ';

/**
 * Lays rows out in columns whose widths are set by a first sample, so that rows can be printed as they come. A cell that
 * is wider than its column shifts the rest of its own row, and only that; addresses are never cut. On a terminal too
 * narrow for the columns they give up what room they have to spare, and if that is not enough, a row goes on in a
 * second, indented line.
 */
export class ColumnLayout<Row> {
  private readonly columns: readonly Column<Row>[];
  private readonly widths: readonly number[];
  private readonly terminal: number | undefined;
  private readonly theme: Theme;
  /** Columns that begin a new line, because all of them together are wider than the terminal. */
  private readonly breaks: ReadonlySet<number>;

  constructor(columns: readonly Column<Row>[], sample: readonly Row[], terminal?: number, colours = theme(false)) {
    this.columns = columns;
    this.terminal = terminal;
    this.theme = colours;
    const widths = columns.map((column) => widthOf(column, sample));
    this.widths = terminal === undefined ? widths : squeezed(widths, neededBy(columns, sample), terminal);
    const titles = columns.map(({ title }) => title);
    this.breaks = terminal === undefined ? new Set() : breaksFor(this.widths, titles, terminal);
  }

  /** The titles, with their newline. */
  header(): string {
    return this.lines(this.columns.map(({ title }) => title));
  }

  /** Writes one row with its newline. */
  write(row: Row, out: TextBuffer): void {
    const { columns, widths } = this;
    if (this.terminal !== undefined) {
      const styles = columns.map((column) => column.style?.(row, this.theme));
      out.text(
        this.lines(
          columns.map((column) => cellOf(column, row)),
          styles,
        ),
      );
      return;
    }
    const last = columns.length - 1;
    for (let i = 0; i < last; i++) {
      const end = out.length + widths[i]!;
      columns[i]!.write(out, row);
      out.fillTo(end);
    }
    columns[last]!.write(out, row);
    out.text('\n');
  }

  /** The cells in the columns' lines; a row that does not fit them is broken where it has to be. */
  private lines(cells: readonly string[], styles: readonly (Style | undefined)[] = []): string {
    const fitting = this.terminal === undefined || fits(this.broken(cells, this.breaks), this.terminal);
    const widths = cells.map((cell, i) => Math.max(cell.length + 1, this.widths[i]!));
    return this.broken(cells, fitting ? this.breaks : breaksFor(widths, cells, this.terminal), styles);
  }

  private broken(
    cells: readonly string[],
    breaks: ReadonlySet<number>,
    styles: readonly (Style | undefined)[] = [],
  ): string {
    let text = '';
    cells.forEach((cell, i) => {
      if (breaks.has(i)) text = text.trimEnd() + '\n' + INDENT;
      const space = i === cells.length - 1 ? 0 : Math.max(this.widths[i]! - cell.length, 1);
      // Colours take no room, so they come last.
      text += (styles[i]?.(cell) ?? cell) + ' '.repeat(space);
    });
    return text.trimEnd() + '\n';
  }
}

/**
 * The columns that a terminal has no room for: those with the largest rank go first. Columns of rank 0 stay, whether they
 * fit or not.
 */
export function leftOut<Named extends Column<Row> & { rank: number }, Row>(
  columns: readonly Named[],
  sample: readonly Row[],
  terminal: number | undefined,
): Named[] {
  if (terminal === undefined) return [];
  const gone: Named[] = [];
  const byRank = [...columns].sort((a, b) => b.rank - a.rank);
  const width = (): number =>
    columns.filter((column) => !gone.includes(column)).reduce((sum, column) => sum + widthOf(column, sample), 0) - 1;
  for (const column of byRank) if (column.rank > 0 && width() > terminal) gone.push(column);
  return columns.filter((column) => gone.includes(column));
}

function widthOf<Row>(column: Column<Row>, sample: readonly Row[]): number {
  if (column.most === undefined) return column.width;
  const widest = sample.reduce((width, row) => Math.max(width, cellOf(column, row).length + 1), column.width);
  return Math.min(widest, column.most);
}

/** The characters that each column's title and cells need, without the space behind them. */
function neededBy<Row>(columns: readonly Column<Row>[], sample: readonly Row[]): number[] {
  return columns.map((column) =>
    sample.reduce((widest, row) => Math.max(widest, cellOf(column, row).length), column.title.length),
  );
}

/**
 * The widths with as much taken from them, rightmost first, as lets a line fit; as they are where that can't be had. The
 * documentation's header alone is one character wider than a terminal of 80 columns.
 */
function squeezed(widths: readonly number[], needed: readonly number[], terminal: number): readonly number[] {
  const last = widths.length - 1;
  let excess = widths.slice(0, last).reduce((sum, width) => sum + width, needed[last]!) - terminal;
  if (excess <= 0) return widths;
  const narrower = [...widths];
  for (let i = last - 1; i >= 0 && excess > 0; i--) {
    const spared = Math.min(excess, Math.max(widths[i]! - needed[i]! - 1, 0));
    narrower[i]! -= spared;
    excess -= spared;
  }
  return excess > 0 ? widths : narrower;
}

const scratch = new TextBuffer();

function cellOf<Row>(column: Column<Row>, row: Row): string {
  column.write(scratch, row);
  return scratch.take().toString('latin1');
}

/** Where lines must begin so that none is wider than the terminal. The last column needs no padding. */
function breaksFor(widths: readonly number[], cells: readonly string[], terminal: number): ReadonlySet<number> {
  const breaks = new Set<number>();
  let used = 0;
  widths.forEach((width, i) => {
    const needed = i === widths.length - 1 ? cells[i]!.length : width - 1;
    if (used > INDENT.length && used + needed > terminal) {
      breaks.add(i);
      used = INDENT.length;
    }
    used += width;
  });
  return breaks;
}

function fits(text: string, columns: number): boolean {
  return text.split('\n').every((line) => line.length <= columns);
}
