import { expect } from 'chai';
import { skipFor } from '../support/skip.js';
import { labUnavailable } from './available.js';
import { HEALTHY, judge } from './healthy-scenarios.js';
import type { Judgement } from './healthy-scenarios.js';

/** Each is judged so often; `npm run soak` does it fifty times. */
const TIMES = 3;

describe('a healthy pair', function () {
  this.timeout(180_000);

  before(function () {
    skipFor(this, labUnavailable());
  });

  for (const scenario of HEALTHY) {
    it(`${scenario.name} has no finding but information`, async () => {
      const judgements: Judgement[] = [];
      await judge(scenario, TIMES, (judgement) => judgements.push(judgement));
      expect(judgements.map(({ found }) => found)).to.deep.equal([[], [], []]);
      // No rate is asserted; that there were flows to be judged is.
      for (const { newFlowsPerSecond: rate = 1 } of judgements) expect(rate).to.be.above(0);
    });
  }
});
