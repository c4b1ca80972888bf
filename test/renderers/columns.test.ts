import { expect } from 'chai';
import { type Column, ColumnLayout } from '../../src/renderers/columns.js';
import { TextBuffer } from '../../src/renderers/text-buffer.js';

type Row = readonly string[];

/** Columns `A`, `B` …; a width alone is fixed, a pair is a width and the most it may grow to. */
function columns(...widths: (number | readonly [width: number, most: number])[]): Column<Row>[] {
  return widths.map((given, i) => {
    const [width, most] = typeof given === 'number' ? [given, undefined] : given;
    const write = (out: TextBuffer, row: Row): void => void out.text(row[i]!);
    return { title: String.fromCharCode(65 + i), width, ...(most === undefined ? {} : { most }), write };
  });
}

function laidOut(layout: ColumnLayout<Row>, ...rows: Row[]): string {
  const out = new TextBuffer().text(layout.header());
  for (const row of rows) layout.write(row, out);
  return out.take().toString();
}

describe('renderers/columns', () => {
  it('has fixed columns as wide as they are, whatever the sample holds', () => {
    const rows = [
      ['1', '2', '3'],
      ['longer', '2', '3'],
    ];
    expect(laidOut(new ColumnLayout(columns(4, 4, 4), rows), ...rows)).to.equal(
      'A   B   C\n' + '1   2   3\n' + 'longer 2   3\n',
    );
  });

  it('grows the others to fit the sample, up to their most', () => {
    const rows = [['123456', '1234567890', 'x']];
    const layout = new ColumnLayout(columns([2, 20], [2, 8], 2), rows);
    expect(laidOut(layout, ...rows)).to.equal('A      B       C\n' + '123456 1234567890 x\n');
  });

  it('shifts only the row whose cell is wider than its column', () => {
    const layout = new ColumnLayout(columns([2, 20], 2), [['123', 'x']]);
    expect(laidOut(layout, ['1', 'y'], ['12345678', 'z'], ['2', 'w'])).to.equal(
      'A   B\n' + '1   y\n' + '12345678 z\n' + '2   w\n',
    );
  });

  it('has no spaces at the end of a line where the last cell is empty, on a terminal', () => {
    expect(laidOut(new ColumnLayout(columns(4, 4), [], 80), ['1', ''])).to.equal('A   B\n1\n');
  });

  describe('on a terminal that is too narrow', () => {
    it('gives up spare room first, from the right', () => {
      const rows = [['12', '12', '12']];
      const layout = new ColumnLayout(columns(6, 6, 6), rows, 11);
      expect(laidOut(layout, ...rows)).to.equal('A     B  C\n' + '12    12 12\n');
    });

    it('breaks every row at the same place where that is not enough', () => {
      const rows = [['123456789', '123456789', '1']];
      const layout = new ColumnLayout(columns([2, 40], [2, 40], 2), rows, 15);
      expect(laidOut(layout, ...rows, ['1', '2', '3'])).to.equal(
        'A\n    B         C\n' + '123456789\n    123456789 1\n' + '1\n    2         3\n',
      );
    });

    it('breaks a single row that is wider than the sample', () => {
      const layout = new ColumnLayout(columns([2, 40], [2, 40], 2), [['1234', '1234', '1']], 14);
      expect(laidOut(layout, ['1', '2', '3'], ['1234567890', '2', '3'])).to.equal(
        'A    B    C\n' + '1    2    3\n' + '1234567890\n    2    3\n',
      );
    });

    it('leaves a cell whole that no line is wide enough for', () => {
      const layout = new ColumnLayout(columns(6, 2, 2), [], 12);
      expect(laidOut(layout, ['1', '2001:db8::1:2:3', '3'])).to.equal(
        'A     B C\n' + '1\n    2001:db8::1:2:3\n    3\n',
      );
    });
  });
});
