import { expect } from 'chai';
import fc from 'fast-check';
import { Failure } from '../../src/model/failure.js';
import { alerts, parseRange } from '../../src/sync/check/range.js';

describe('ranges of the monitoring plugins', () => {
  for (const [text, well, alerting] of [
    ['10', [0, 5, 10], [-1, 10.5, 11]],
    ['10:', [10, 1e9], [9.9, -1]],
    ['~:10', [-1e9, 10], [10.1]],
    ['10:20', [10, 15, 20], [9, 21]],
    ['@10:20', [9, 21], [10, 15, 20]],
    ['@10', [-1, 11], [0, 10]],
    [':5', [0, 5], [-1, 6]],
    ['-5:-1', [-5, -1], [0, -6]],
    ['.5', [0.5], [0.6]],
    ['0', [0], [1]],
    ['~:', [-1e9, 0, 1e9], []],
  ] as const) {
    it(text, () => {
      const range = parseRange(text);
      expect(well.filter((value) => alerts(range, value))).to.deep.equal([]);
      expect(alerting.filter((value) => !alerts(range, value))).to.deep.equal([]);
    });
  }

  it('compare counters beyond 2^53 exactly', () => {
    expect(alerts(parseRange('9007199254740992'), 9_007_199_254_740_993n)).to.equal(true);
  });

  for (const text of ['', '@', ':', '~', '20:10', '1:2:3', 'x', '1e3', '10 ', '@@1', '--1', '1,5']) {
    it(`${JSON.stringify(text)} is none`, () => {
      expect(() => parseRange(text))
        .to.throw(Failure)
        .with.property('code', 'USAGE');
    });
  }

  it('of any two numbers alert outside of them, and with @ inside', () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(number, number, number, (a, b, value) => {
        const [start, end] = a <= b ? [a, b] : [b, a];
        const within = value >= start && value <= end;
        expect(alerts(parseRange(`${start}:${end}`), value)).to.equal(!within);
        expect(alerts(parseRange(`@${start}:${end}`), value)).to.equal(within);
      }),
    );
  });
});
