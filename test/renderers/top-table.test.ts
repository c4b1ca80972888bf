import { expect } from 'chai';
import type { DumpVerdict } from '../../src/model/dump.js';
import type { FlowTop, GroupFields, TopGroup } from '../../src/model/flow-top.js';
import { bar } from '../../src/renderers/bar.js';
import { percent, scaled } from '../../src/renderers/scaled.js';
import { renderTopCsv } from '../../src/renderers/top-csv.js';
import { renderTopTable } from '../../src/renderers/top-table.js';

const LONG = 'fd00:1234:5678:9abc:def0:1234:5678:9abc';

function topOf(groups: TopGroup[], rest: Partial<FlowTop> = {}): FlowTop {
  const total = { flows: 1_234_567, unreplied: 100, bytes: 2n ** 70n };
  return { by: [], metric: 'flows', groups, total, exact: true, ...rest };
}

function page(
  top: FlowTop,
  names: (keyof GroupFields)[],
  {
    terminal,
    blocks = false,
    verdict = {},
  }: { terminal?: number; blocks?: boolean; verdict?: Partial<DumpVerdict> } = {},
): string[] {
  const summary = { shown: 3, matched: 3, scanned: 3, unreadable: 0, elapsed_ms: 1200 };
  const answer = { top, verdict: { summary, notes: [], complete: true, ...verdict } };
  return renderTopTable(answer, { names, terminal, blocks }).split('\n');
}

describe('the table of groups', () => {
  it('has a bar for each share, and what is left and the total under it', () => {
    const groups = [
      { src: '10.0.0.1', flows: 900_000, unreplied: 90, share: 0.729 },
      { src: '10.0.0.200', flows: 300_000, unreplied: 0, share: 0.243 },
    ];
    const other = { groups: 34_000, flows: 34_567, unreplied: 10, share: 0.028 };
    expect(page(topOf(groups, { other }), ['src'])).to.deep.equal([
      '#  SOURCE                   FLOWS                         SHARE  UNREPLIED',
      '1  10.0.0.1               900,000  ###############       72.9 %     <0.1 %',
      '2  10.0.0.200             300,000  #####                 24.3 %        0 %',
      '   34,000 other groups     34,567                         2.8 %     <0.1 %',
      '   total                1,234,567                                   <0.1 %',
      '',
      '3 flows, complete (1.2 s).',
      '',
    ]);
  });

  it('fits 80 columns, whatever it is asked by, and puts below what has no room beside addresses', () => {
    const group = {
      src: LONG,
      dst: LONG,
      sport: 65535,
      dport: 65535,
      flows: 1,
      unreplied: 1,
      share: 1,
      error: 2n ** 65n,
    };
    for (const names of [['src'], ['src', 'dport'], ['src', 'dst'], ['src', 'sport', 'dst', 'dport']] as const) {
      for (const metric of ['flows', 'bytes', 'new'] as const) {
        const interval = { seconds: 10, readings: 2 };
        const lines = page(topOf([group], { metric, interval, exact: false }), [...names], { terminal: 80 });
        expect(Math.max(...lines.map((line) => line.length)), lines.join('\n')).to.be.at.most(80);
        expect(lines.join('\n').split(LONG)).to.have.length(names.filter((name) => /src|dst/.test(name)).length + 1);
      }
    }
    const [sources, destinations, figures] = page(topOf([group]), ['src', 'dst'], { terminal: 80 });
    expect([sources, destinations]).to.deep.equal(['#  SOURCE', '    DESTINATION']);
    expect(figures).to.match(/^ {4} +FLOWS .* SHARE {2}UNREPLIED$/);
    // A pipe is read line by line.
    expect(page(topOf([group]), ['src', 'dst']).slice(0, 3))
      .to.have.length(3)
      .and.satisfy(([, line]: string[]) => /1 .*100 %/.test(line!));
  });

  it('shows rates with their signs, and what it counts by when that is no field of theirs', () => {
    const groups: TopGroup[] = [
      { flows: 12, unreplied: 0, change: 7, per_second: 1.4, share: 1 },
      { state: 'CLOSE', flows: 0, unreplied: 0, change: -3, per_second: -0.6, share: 0 },
    ];
    const total = { flows: 12, unreplied: 0, change: 4, per_second: 0.8 };
    const lines = page(topOf(groups, { total, interval: { seconds: 5.004, readings: 2 } }), ['state']);
    expect(lines.slice(0, 6)).to.deep.equal([
      'Between two readings, 5.0 s apart.',
      '',
      '#  STATE  CHANGE/s  FLOWS                        SHARE  UNREPLIED',
      '1  -          +1.4     12  ####################  100 %        0 %',
      '2  CLOSE     -0.60      0                          0 %        0 %',
      '   total     +0.80     12                                     0 %',
    ]);
  });

  it('says what is estimated, and by how much', () => {
    const groups = [{ dport: 53, flows: 5, unreplied: 0, bytes: 12_345_678, share: 0.5, error: 12_345 }];
    const lines = page(topOf(groups, { metric: 'bytes', exact: false }), ['dport']);
    expect(lines.slice(0, 2).join(' ')).to.include('more groups than are counted one by one');
    expect(lines.find((line) => line.startsWith('1'))).to.match(/^1 {2}53 +12\.3 M +±12\.3 k +5 /);
  });

  it('lets no text of a tool reach the terminal as it is', () => {
    const lines = page(topOf([{ helper: 'a\u001b[2J\u202e', flows: 1, unreplied: 0, share: 1 }]), ['helper']);
    expect(lines[1]).to.match(/^1 {2}a\\x1b\[2J\\u202e /);
  });

  it('says so where there are none', () => {
    const top = topOf([], { total: { flows: 0, unreplied: 0 } });
    expect(page(top, ['src'])[0]).to.equal('No flows.');
  });

  it('says that it is not the whole', () => {
    const groups = [{ src: '10.0.0.1', flows: 3, unreplied: 0, share: 1 }];
    expect(page(topOf(groups), ['src'], { verdict: { complete: false } }).join('\n')).to.include('3 flows, INCOMPLETE');
  });
});

describe('bars', () => {
  it('are drawn to the eighth of a block, and never longer than their width', () => {
    expect(bar(1, 10, true)).to.equal('██████████');
    expect(bar(0.55, 10, true)).to.equal('█████▌');
    expect(bar(0.0001, 10, true)).to.equal('▏');
    expect(bar(0.0001, 10, false)).to.equal('#');
    expect(bar(0.5, 10, false)).to.equal('#####');
    expect(bar(0, 10, true)).to.equal('');
    for (let part = 0; part <= 1; part += 0.001) expect(bar(part, 7, true)).to.have.length.at.most(7);
  });
});

describe('numbers for people', () => {
  for (const [value, text] of [
    [0, '0'],
    [9999, '9,999'],
    [10_000, '10.0 k'],
    [99_949, '99.9 k'],
    [99_951, '100 k'],
    [999_499, '999 k'],
    [999_500, '1.00 M'],
    [12_345_678, '12.3 M'],
    [18446744073709551615n, '18.4 E'],
    [2n ** 80n, '1208926 E'],
    [-1234.56, '-1,234.6'],
    [0.04, '0.04'],
    [0.001, '<0.01'],
    [-0.25, '-0.25'],
  ] as const) {
    it(`${value} is ${text}`, () => expect(scaled(value)).to.equal(text));
  }

  it('parts of a whole', () => {
    expect([0, 0.0001, 0.001, 0.1234, 0.9994, 0.9996, 1].map(percent)).to.deep.equal([
      '0 %',
      '<0.1 %',
      '0.1 %',
      '12.3 %',
      '99.9 %',
      '100 %',
      '100 %',
    ]);
  });
});

describe('groups as CSV', () => {
  it('are a line each, with what was counted, safe for a spreadsheet', () => {
    const groups: TopGroup[] = [
      { helper: '=1+1', status: ['assured', 'offload'], flows: 2, unreplied: 0, bytes: 2n ** 64n, share: 1 },
      { status: [], flows: 1, unreplied: 1, bytes: 0, share: 0 },
    ];
    expect(renderTopCsv(topOf(groups, { metric: 'bytes' }), ['helper', 'status'])).to.equal(
      [
        'rank,helper,status,flows,unreplied,bytes,share',
        `1,'=1+1,"assured,offload",2,0,18446744073709551616,1`,
        '2,,,1,1,0,0',
        '',
      ].join('\r\n'),
    );
  });
});
