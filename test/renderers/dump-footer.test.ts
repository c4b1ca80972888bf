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
    expect(stateOf(verdict(1))).to.equal(undefined);
  });

  it('stands apart from the rows, and is not there where nothing is known', () => {
    expect(footer(verdict(2, 0, true), true)).to.equal('\n2 flows, complete (0.0 s).\n');
    expect(footer(verdict(0, 0, false), false)).to.equal('0 flows, INCOMPLETE (0.0 s).\n');
    expect(footer(verdict(2), true)).to.equal('');
  });

  it('says how many of how many are shown, how many were looked at, and how large the table is', () => {
    const summary = {
      shown: 20,
      matched: 1234,
      scanned: 1_000_000,
      unreadable: 0,
      table_size: 1_000_123,
      elapsed_ms: 5432,
    };
    expect(footer({ summary, complete: true, notes: [] }, true)).to.equal(
      '\n20 of 1,234 flows, complete (1,000,000 looked at, about 1,000,123 in the table, 5.4 s).\n',
    );
  });

  it('does not know how many there are where reading ended at a limit', () => {
    const summary = { shown: 10, limited: true as const, unreadable: 0, elapsed_ms: 12 };
    expect(footer({ summary, notes: [] }, true)).to.equal('\nthe first 10 flows (0.0 s).\n');
  });
});
