import { expect } from 'chai';
import { HEALTHY, judge } from './healthy-scenarios.js';
import { linksRunning, pairFor } from './views-support.js';

/** Each is judged so often; `npm run soak` does it fifty times. */
const TIMES = 3;

for (const scenario of HEALTHY) {
  describe(`a healthy pair ${scenario.name}`, function () {
    this.timeout(120_000);
    const pair = pairFor(scenario.options);

    it('has no finding but information', async () => {
      await linksRunning(pair());
      for (let time = 0; time < TIMES; time += 1) expect(await judge(scenario, pair())).to.deep.equal([]);
    });
  });
}
