import { expect } from 'chai';
import fc from 'fast-check';
import { jsonText, toJson } from '../../src/renderers/json.js';

describe('renderers/json', () => {
  it('is what JSON.stringify writes, for all that JSON knows', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(toJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
    const value = { a: [1, 'two', { b: [] }, {}], c: { d: true } };
    expect(toJson(value)).to.equal(JSON.stringify(value, undefined, 2));
  });

  it('writes a bigint as a number with all its digits', () => {
    expect(toJson({ bytes: 2n ** 64n - 1n, packets: [0n] })).to.equal(
      '{\n  "bytes": 18446744073709551615,\n  "packets": [\n    0\n  ]\n}',
    );
  });

  it('leaves out what is undefined', () => {
    expect(toJson({ a: undefined, b: 1 })).to.equal('{\n  "b": 1\n}');
  });

  it('escapes all that a terminal would obey, and changes no value by it', () => {
    const odd = '\u0000\u001b[2J\u007f\u0085\u009b2J\u202e\u2066"\\\n';
    expect(jsonText(odd)).to.match(/^[\x20-\x7e]+$/);
    expect(JSON.parse(jsonText(odd))).to.equal(odd);
    expect(jsonText([odd, 'é'])).to.include('"é"');
    expect(toJson({ odd })).to.match(/^[\n\x20-\x7e]+$/);
  });
});
