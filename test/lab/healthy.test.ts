import { expect } from 'chai';
import { HEALTHY, judge } from './healthy-scenarios.js';
import type { Judgement } from './healthy-scenarios.js';
import { linksRunning, pairFor } from './views-support.js';

/** Each is judged so often; `npm run soak` does it fifty times. */
const TIMES = 3;

for (const scenario of HEALTHY) {
  describe(`a healthy pair ${scenario.name}`, function () {
    this.timeout(120_000);
    const pair = pairFor(scenario.options);

    it('has no finding but information', async () => {
      await linksRunning(pair());
      const judgements: Judgement[] = [];
      await judge(scenario, pair(), TIMES, (judgement) => judgements.push(judgement));
      expect(judgements.map(({ found }) => found)).to.deep.equal(Array<string[]>(TIMES).fill([]));
      // No rate is asserted; that there were flows to be judged is.
      for (const { newFlowsPerSecond: rate = 1 } of judgements) expect(rate).to.be.above(0);
    });
  });
}
