import { expect } from 'chai';
import { folded } from '../../src/renderers/fold-lists.js';

describe('renderers/fold-lists', () => {
  it('leaves alone what fits', () => {
    expect(folded('one, two three', 14, { at: 'commas' })).to.equal('one, two three');
  });

  it('breaks behind commas only', () => {
    expect(folded('ES - ESTABLISHED, FW - FIN WAIT, CW', 20, { at: 'commas', indent: '  ' })).to.equal(
      'ES - ESTABLISHED,\n  FW - FIN WAIT, CW',
    );
  });

  it('breaks at spaces and behind commas, and keeps a list without spaces in one piece with itself', () => {
    expect(folded('or --columns id,reply_source,state shows them.', 20, { at: 'words', indent: '  ' })).to.equal(
      'or --columns id,\n  reply_source,state\n  shows them.',
    );
  });

  it('does not cut a word that is longer than a line', () => {
    expect(folded('a 2001:db8::1 b', 5, { at: 'words' })).to.equal('a\n2001:db8::1\nb');
  });
});
