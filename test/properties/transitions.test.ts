import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { parseTransitionLine } from '../../src/parsers/transition-line.js';
import { recordOf } from '../../src/readers/history/record.js';
import { fixture } from '../support/ctsync.js';

const text = ['r1', 'r2'].map((node) => readFileSync(fixture(`ctsync-failover-1/${node}.ndjson`), 'utf8')).join('');
const lines = text.trimEnd().split('\n');

/** One stretch of a text, replaced by another. */
const edit = fc.record({ at: fc.nat(), count: fc.nat(40), put: fc.string({ unit: 'binary', maxLength: 8 }) });

function edited(whole: string, { at, count, put }: { at: number; count: number; put: string }): string {
  const from = at % (whole.length + 1);
  return whole.slice(0, from) + put + whole.slice(from + count);
}

/** That every value stands where it is written; unknown fields may be there, too. */
function expectWithin(value: unknown, written: unknown): void {
  if (typeof value !== 'object' || value === null) {
    expect(value).to.equal(written);
    return;
  }
  for (const [field, part] of Object.entries(value)) expectWithin(part, (written as Record<string, unknown>)[field]);
}

describe('properties: records of transitions', () => {
  it('a damaged line has the fields that are written in it, or none', () => {
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.array(edit, { minLength: 1, maxLength: 3 }), (line, edits) => {
        const damaged = edits.reduce(edited, line);
        const transition = parseTransitionLine(damaged);
        if (transition === undefined) return;
        const written = JSON.parse(damaged) as Record<string, unknown>;
        for (const [field, value] of Object.entries(transition)) {
          if (field === 'at') expect(Date.parse(String(value))).to.equal(Date.parse(String(written['at'])));
          else expectWithin(value, written[field]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a record that is cut anywhere has its whole lines, and counts the half one', () => {
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        const cut = text.slice(0, length);
        const whole = cut.split('\n').filter((line) => lines.includes(line)).length;
        const rest = cut.slice(cut.lastIndexOf('\n') + 1);
        const { transitions, unreadable } = recordOf(cut);
        expect({ shown: transitions.length, unreadable }).to.deep.equal({
          shown: whole,
          unreadable: rest === '' || lines.includes(rest) ? 0 : 1,
        });
      }),
      { numRuns: 200 },
    );
  });

  it('the order of the lines, and lines that are there twice, make no difference', () => {
    const inOrder = recordOf(text).transitions;
    expect(inOrder).to.have.length(lines.length);
    fc.assert(
      fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), fc.subarray(lines), (shuffled, twice) => {
        const { transitions } = recordOf([...shuffled, ...twice].join('\n'));
        expect(transitions.map(({ at }) => at)).to.deep.equal(inOrder.map(({ at }) => at));
      }),
      { numRuns: 50 },
    );
  });
});
