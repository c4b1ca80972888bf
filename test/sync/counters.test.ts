import { expect } from 'chai';
import fc from 'fast-check';
import { growth, ratePerSecond } from '../../src/sync/counters.js';

const u = (width: 32 | 64): bigint => 2n ** BigInt(width);

describe('sync/counters', () => {
  it('is the difference of what grew, exactly', () => {
    expect(growth(5, 12, 32)).to.equal(7);
    expect(growth(7, 7, 64)).to.equal(0);
    expect(growth(0, 2n ** 64n - 1n, 64)).to.equal(2n ** 64n - 1n);
  });

  it('goes on from 0 behind the largest number of its width', () => {
    expect(growth(4294967290, 5, 32)).to.equal(11);
    expect(growth(2n ** 64n - 3n, 4, 64)).to.equal(7);
  });

  it('does not take a fall for a wrap', () => {
    expect(growth(1000, 5, 32)).to.equal(undefined);
    expect(growth(4294967290, 5, 64)).to.equal(undefined);
    // Larger than 32 bits: not a counter of that width.
    expect(growth(4294967296, 5, 32)).to.equal(undefined);
  });

  for (const width of [32, 64] as const) {
    it(`finds any growth of less than half of ${width} bits again, wherever it begins`, () => {
      const half = u(width) / 2n;
      fc.assert(
        fc.property(fc.bigInt(0n, u(width) - 1n), fc.bigInt(0n, half - 1n), (before, grown) => {
          expect(BigInt(growth(before, (before + grown) % u(width), width) ?? -1)).to.equal(grown);
        }),
      );
    });
  }

  it('is a rate by the second, which is 0 of nothing only', () => {
    expect(ratePerSecond(0, 10, 32, 4)).to.equal(2.5);
    expect(ratePerSecond(0, 10, 32, 3)).to.equal(3.333);
    expect(ratePerSecond(3, 3, 32, 3)).to.equal(0);
    expect(ratePerSecond(0, 1, 32, 86_400)).to.equal(0.0000116);
    expect(ratePerSecond(9, 1, 32, 1)).to.equal(undefined);
  });
});
