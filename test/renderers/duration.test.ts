import { expect } from 'chai';
import { duration } from '../../src/renderers/duration.js';

describe('renderers/duration', () => {
  const cases: [seconds: number, shown: string][] = [
    [0, '0 s'],
    [1, '1 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [61, '1 min 1 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h'],
    [3601, '1 h'],
    [7500, '2 h 5 min'],
    [86_399, '23 h 59 min'],
    [86_400, '1 d'],
    [86_460, '1 d'],
    [273_600, '3 d 4 h'],
    [86_400 * 4000, '4000 d'],
    [-5, '-5 s'],
    [-7500, '-2 h 5 min'],
    [-0.5, '0 s'],
  ];
  for (const [seconds, shown] of cases) {
    it(`${seconds} s is ${shown}`, () => expect(duration(seconds)).to.equal(shown));
  }
});
