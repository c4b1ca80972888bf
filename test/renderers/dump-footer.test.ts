import { expect } from 'chai';
import type { DumpVerdict } from '../../src/model/dump.js';
import { countOf, footer, stateOf } from '../../src/renderers/dump-footer.js';

function verdict(shown: number, unreadable = 0, complete?: boolean): DumpVerdict {
  return {
    summary: { shown, matched: shown, scanned: shown, unreadable, elapsed_ms: 0 },
    ...(complete === undefined ? {} : { complete }),
    notes: [],
  };
}

describe('renderers/dump-footer', () => {
  it('counts flows and unreadable lines', () => {
    expect(countOf(verdict(0))).to.equal('0 flows');
    expect(countOf(verdict(1, 1))).to.equal('1 flow, 1 unreadable line');
    expect(countOf(verdict(2, 3))).to.equal('2 flows, 3 unreadable lines');
  });

  it('says whether that is all, where it is known', () => {
    expect(stateOf(verdict(1, 0, true))).to.equal('complete');
    expect(stateOf(verdict(1, 0, false))).to.equal('INCOMPLETE');
    expect(stateOf(verdict(1, 1, false))).to.equal('INCOMPLETE');
    expect(stateOf(verdict(1, 1, true))).to.equal('partly unreadable');
    expect(stateOf(verdict(1, 1))).to.equal('partly unreadable');
    expect(stateOf(verdict(1))).to.equal(undefined);
  });

  it('stands apart from the rows, and is not there where nothing is known', () => {
    expect(footer(verdict(2, 0, true), true)).to.equal('\n2 flows, complete.\n');
    expect(footer(verdict(0, 0, false), false)).to.equal('0 flows, INCOMPLETE.\n');
    expect(footer(verdict(2), true)).to.equal('');
  });
});
