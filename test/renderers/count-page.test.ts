import { expect } from 'chai';
import { renderCountPage } from '../../src/renderers/count-page.js';

describe('page of the count', () => {
  it('has a line for each figure, and says what it includes', () => {
    const expected = { expectations: 2, limit: 1024 };
    expect(renderCountPage({ flows: 65536, limit: 262144, used: 0.25, buckets: 65536, expected })).to.equal(
      `flows        : 65536 of 262144 [25.0 % used]
buckets      : 65536
expectations : 2 of 1024

Flows that have expired are counted, too, until the kernel removes them:
a listing shows fewer.
`,
    );
  });

  for (const [what, count, line] of [
    [
      'a share too small to be seen',
      { flows: 1, limit: 262144, used: 1 / 262144 },
      '1 of 262144 [less than 0.1 % used]',
    ],
    ['no flow', { flows: 0, limit: 262144, used: 0 }, '0 of 262144 [0.0 % used]'],
    ['more than a limit that was lowered', { flows: 3, limit: 2, used: 1.5 }, '3 of 2 [150.0 % used]'],
    ['no limit', { flows: 3, limit: 0 }, '3, without a limit'],
    ['an unknown limit', { flows: 3 }, '3'],
  ] as const) {
    it(`says it of ${what}`, () => expect(renderCountPage(count).split('\n')[0]).to.equal(`flows        : ${line}`));
  }

  it('says who may count the expectations', () => {
    expect(renderCountPage({ flows: 3, expected: { limit: 8 } })).to.include(
      '\nexpectations : at most 8 [only root may count them]\n',
    );
  });
});
