import { expect } from 'chai';
import { escapeControl } from '../../src/renderers/escape.js';

describe('renderers/escape', () => {
  it('leaves printable text of any script alone', () => {
    for (const text of ['', 'eth0.5', 'a b\\x1b', 'Zürich', 'ευρώ', '日本', '\u05d0\u05d1', '🜁', '\u00a0']) {
      expect(escapeControl(text)).to.equal(text);
    }
  });

  it('makes every C0, DEL and C1 character visible', () => {
    for (let code = 0; code < 0x100; code++) {
      const character = String.fromCharCode(code);
      const control = code < 0x20 || (code >= 0x7f && code < 0xa0);
      const shown = control ? `\\x${code.toString(16).padStart(2, '0')}` : character;
      expect(escapeControl(`<${character}>`)).to.equal(`<${shown}>`);
    }
    expect(escapeControl('\u001b[31mred\u0007\n')).to.equal('\\x1b[31mred\\x07\\x0a');
  });

  it('makes the characters visible that turn text round', () => {
    for (const [first, last] of [
      [0x202a, 0x202e],
      [0x2066, 0x2069],
    ] as const) {
      for (let code = first; code <= last; code++) {
        expect(escapeControl(`a${String.fromCharCode(code)}b`)).to.equal(`a\\u${code.toString(16)}b`);
      }
    }
    expect(escapeControl('\u2029\u202f\u2065\u206a')).to.equal('\u2029\u202f\u2065\u206a');
  });
});
