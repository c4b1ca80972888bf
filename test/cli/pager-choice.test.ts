import { expect } from 'chai';
import { choosePager } from '../../src/cli/pager-choice.js';

const USER = { uid: 1000, euid: 1000 };

describe('cli/pager-choice', () => {
  it('is less where nothing is set', () => {
    expect(choosePager({}, USER)).to.deep.equal({ words: ['less', '-FRSX'], env: {} });
  });

  it('takes plain words apart at spaces, and runs nothing else', () => {
    expect(choosePager({ PAGER: ' most  -s +/x,y ' }, USER)?.words).to.deep.equal(['most', '-s', '+/x,y']);
    for (const pager of [
      'most; id',
      'most\nid',
      'a=b most',
      '$HOME/most',
      '~/most',
      'most *',
      "most 'x'",
      'most \\x',
      'most &',
    ])
      expect(choosePager({ PAGER: pager }, USER), pager).to.deep.include({ words: ['less', '-FRSX'] });
  });

  it('does not trust the environment where the effective user is another one', () => {
    const choice = choosePager({ PAGER: 'evil', LESSOPEN: '|evil' }, { uid: 1000, euid: 0 });
    expect(choice?.words).to.deep.equal(['less', '-FRSX']);
    expect(choice?.env).to.include({ LESSSECURE: '1', LESS: undefined, LESSOPEN: undefined, LESSKEYIN: undefined });
  });

  it('may always be none', () => {
    for (const PAGER of ['', ' ', 'cat']) expect(choosePager({ PAGER, SUDO_UID: '1' }, USER)).to.equal(undefined);
    expect(choosePager({ CTSYNC_PAGER: 'cat', PAGER: 'less' }, USER)).to.equal(undefined);
  });
});
