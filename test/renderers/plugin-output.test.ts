import { expect } from 'chai';
import { renderCheck } from '../../src/renderers/plugin-output.js';
import { parseRange } from '../../src/sync/check/range.js';

const NONE = { warning: new Map(), critical: new Map() };

describe('the output of a monitoring plugin', () => {
  it('is a line with figures, and lines of details', () => {
    expect(
      renderCheck(
        {
          service: 'CONNTRACK',
          status: 'WARNING',
          message: 'the table fills up',
          metrics: [
            { name: 'flows', value: 85, max: 100 },
            { name: 'used', value: 85.25, unit: '%', max: 100 },
            { name: 'drop', value: 18_446_744_073_709_551_615n, unit: 'c' },
            { name: 'rate of drops', value: 1e-7 },
          ],
          details: ['CTS-501 table-full'],
        },
        { warning: new Map([['used', parseRange('80')]]), critical: new Map([['used', parseRange('~:95')]]) },
      ),
    ).to.equal(
      "CONNTRACK WARNING - the table fills up | flows=85;;;0;100 used=85.25%;80;~:95;0;100 drop=18446744073709551615c;;;0 'rate of drops'=0;;;0\n" +
        'CTS-501 table-full\n',
    );
  });

  it('has no bar and no control character but its own', () => {
    const result = { service: 'X', status: 'OK' as const, message: 'a|b\u001b[2J', metrics: [], details: ['c|d\n'] };
    expect(renderCheck(result, NONE)).to.equal('X OK - a¦b\\x1b[2J\nc¦d\\x0a\n');
  });
});
