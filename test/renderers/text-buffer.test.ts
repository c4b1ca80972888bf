import { expect } from 'chai';
import fc from 'fast-check';
import { TextBuffer } from '../../src/renderers/text-buffer.js';

/** What the buffer holds, which is empty afterwards. */
function taken(buffer: TextBuffer): string {
  return buffer.take().toString('utf8');
}

describe('renderers/text-buffer', () => {
  it('writes whole numbers as String does', () => {
    const edges = [
      0,
      9,
      10,
      99,
      100,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 53 - 1,
      -1,
      2n ** 53n,
      2n ** 64n - 1n,
      0n,
    ];
    for (const value of edges) expect(taken(new TextBuffer().number(value))).to.equal(String(value));
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })), (value) => {
        expect(taken(new TextBuffer().text('<').number(value).text('>'))).to.equal(`<${value}>`);
      }),
    );
  });

  it('writes any text as UTF-8, one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const buffer = new TextBuffer();
        for (const text of texts) buffer.text(text);
        expect(taken(buffer)).to.equal(texts.join(''));
      }),
    );
  });

  it('grows with what is written, and keeps it', () => {
    const buffer = new TextBuffer();
    const long = 'é'.repeat(100_000);
    buffer.text('a').text(long).number(7);
    expect(buffer.length).to.equal(1 + 200_000 + 1);
    expect(taken(buffer)).to.equal(`a${long}7`);
  });

  it('fills up with spaces, and puts at least one', () => {
    const buffer = new TextBuffer();
    buffer.text('ab').fillTo(5).text('cdefg').fillTo(10).text('h').fillTo(3).text('i');
    expect(taken(buffer)).to.equal('ab   cdefg h i');
    expect(taken(buffer.text('x').fillTo(10_000))).to.equal('x'.padEnd(10_000));
  });

  it('is empty once its bytes were taken, and is used again', () => {
    const buffer = new TextBuffer().text('first');
    const first = buffer.take();
    expect(buffer.length).to.equal(0);
    expect(first.toString()).to.equal('first');
    expect(taken(buffer.text('2nd'))).to.equal('2nd');
    expect(taken(buffer)).to.equal('');
  });
});
