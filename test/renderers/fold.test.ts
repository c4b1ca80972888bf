import { expect } from 'chai';
import fc from 'fast-check';
import { fold } from '../../src/renderers/fold.js';

describe('renderers/fold', () => {
  it('breaks at blanks', () => {
    expect(fold('one two three', 7)).to.deep.equal(['one two', 'three']);
    expect(fold('one two three', 6)).to.deep.equal(['one', 'two', 'three']);
    expect(fold('one', 3)).to.deep.equal(['one']);
    expect(fold('one two', Infinity)).to.deep.equal(['one two']);
  });

  it('breaks within a word that is longer than a line, and never within a character', () => {
    expect(fold('abcdefgh ij', 3)).to.deep.equal(['abc', 'def', 'gh', 'ij']);
    expect(fold('abc\u{1f600}d', 4)).to.deep.equal(['abc', '\u{1f600}d']);
  });

  it('loses nothing but the blanks at which it breaks, whatever the text', () => {
    const text = fc.stringMatching(/^[ab ]{0,60}$/);
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (whole, width) => {
        const lines = fold(whole, width);
        expect(lines.every((line) => line.length <= width)).to.equal(true);
        expect(lines.join('').replaceAll(' ', '')).to.equal(whole.replaceAll(' ', ''));
      }),
    );
  });
});
