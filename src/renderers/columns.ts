import type { BufferedSink } from './sink.js';

/** A column of a streamed table. */
export interface Column<Row> {
  title: string;
  /** Characters of the column with the space behind it; grows to fit a first sample up to `most`. */
  width: number;
  /** Absent: the column is as wide as `width`, whatever the sample holds. */
  most?: number;
  cell(row: Row): string;
}

/** How far lines after the first of one row are indented. */
const INDENT = '    ';

/**
 * Lays rows out in columns whose widths are set by a first sample, so that rows can be printed as they come. A cell that
 * is wider than its column shifts the rest of its own row, and only that; addresses are never cut. On a terminal too
 * narrow for the columns, a row goes on in a second, indented line.
 */
export class ColumnLayout<Row> {
  private readonly columns: readonly Column<Row>[];
  private readonly widths: number[];
  private readonly terminal: number | undefined;
  /** Columns that begin a new line, because all of them together are wider than the terminal. */
  private readonly breaks: ReadonlySet<number>;

  constructor(columns: readonly Column<Row>[], sample: readonly Row[], terminal?: number) {
    this.columns = columns;
    this.terminal = terminal;
    this.widths = columns.map((column) => widthOf(column, sample));
    this.breaks = terminal === undefined ? new Set() : breaksFor(this.widths, columns, terminal);
  }

  header(): string {
    return this.lines(this.columns.map((column) => column.title));
  }

  /** Writes one row with its newline. */
  write(row: Row, out: BufferedSink): void {
    const { columns, widths } = this;
    if (this.terminal !== undefined) {
      out.text(this.lines(columns.map((column) => column.cell(row))));
      return;
    }
    const last = columns.length - 1;
    for (let i = 0; i < last; i++) out.padded(columns[i]!.cell(row), widths[i]!);
    out.text(columns[last]!.cell(row)).text('\n');
  }

  private lines(cells: readonly string[]): string {
    const text = this.broken(cells, (i) => this.breaks.has(i));
    if (this.terminal === undefined || fits(text, this.terminal)) return text;
    const breaks = breaksFor(
      cells.map((cell, i) => Math.max(cell.length + 1, this.widths[i]!)),
      this.columns,
      this.terminal,
      cells,
    );
    return this.broken(cells, (i) => breaks.has(i));
  }

  private broken(cells: readonly string[], breaksAt: (column: number) => boolean): string {
    let text = '';
    cells.forEach((cell, i) => {
      if (breaksAt(i)) text = text.trimEnd() + '\n' + INDENT;
      text += i === cells.length - 1 ? cell : padded(cell, this.widths[i]!);
    });
    return text.trimEnd() + '\n';
  }
}

function widthOf<Row>(column: Column<Row>, sample: readonly Row[]): number {
  if (column.most === undefined) return column.width;
  let width = column.width;
  for (const row of sample) width = Math.max(width, column.cell(row).length + 1);
  return Math.min(width, column.most);
}

/** The last column needs no padding: it counts with what stands in it, or with its title. */
function breaksFor<Row>(
  widths: readonly number[],
  columns: readonly Column<Row>[],
  terminal: number,
  cells?: readonly string[],
): ReadonlySet<number> {
  const breaks = new Set<number>();
  let used = 0;
  widths.forEach((width, i) => {
    const needed = i === widths.length - 1 ? (cells?.[i] ?? columns[i]!.title).length : width - 1;
    if (used > INDENT.length && used + needed > terminal) {
      breaks.add(i);
      used = INDENT.length;
    }
    used += width;
  });
  return breaks;
}

function padded(cell: string, width: number): string {
  return cell.length < width ? cell.padEnd(width) : cell + ' ';
}

function fits(text: string, columns: number): boolean {
  return text.split('\n').every((line) => line.length <= columns);
}
