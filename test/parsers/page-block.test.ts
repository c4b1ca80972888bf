import { expect } from 'chai';
import { PageBlock } from '../../src/parsers/page-block.js';

const forms = [
  { name: 'made', pattern: /^made (?<made>\d+)$/ },
  { name: 'lost and found', pattern: /^lost (?<lost>\d+) found (?<found>\d+)$/ },
];

describe('parsers/page-block', () => {
  it('takes each of its lines once, in any order', () => {
    const block = new PageBlock('things', forms);
    expect(block.missing()).to.equal('made');
    expect(block.take('lost 1 found 2')).to.equal(true);
    expect(block.take('lost 3 found 4')).to.equal(false);
    expect(block.take('made 5 twice')).to.equal(false);
    expect(block.missing()).to.equal('made');
    expect(block.take('made 5')).to.equal(true);
    expect(block.missing()).to.equal(undefined);
    expect([...block.entries()]).to.deep.equal([
      ['lost', 1],
      ['found', 2],
      ['made', 5],
    ]);
  });

  it('takes all figures of a line or none', () => {
    const block = new PageBlock('things', forms);
    expect(block.take(`lost 1 found ${2n ** 64n}`)).to.equal(false);
    expect([...block.entries()]).to.deep.equal([]);
  });

  it('throws for a counter that a whole block does not have', () => {
    const block = new PageBlock('things', forms);
    expect(block.counter('made')).to.equal(undefined);
    expect(() => block.required('made')).to.throw(RangeError, 'things has no counter made');
  });
});
