import { expect } from 'chai';
import fc from 'fast-check';
import { Failure } from '../../src/model/failure.js';
import { flowOf } from '../../src/model/flow-row.js';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import { build } from '../../src/query/filter/build.js';
import { compile } from '../../src/query/filter/compile.js';
import { parse } from '../../src/query/filter/grammar.generated.js';
import { parseFilter } from '../../src/query/filter/parse.js';
import { print } from '../../src/query/filter/print.js';
import { simplify } from '../../src/query/filter/simplify.js';
import { anyCondition, anyFilteredFlow, filterOver } from '../support/filter-arbitraries.js';
import { matches } from '../support/filter-oracle.js';
import { printFlow } from '../support/flow-line.js';

const anyFilter = filterOver(anyCondition);

describe('filters', () => {
  it('match a row as the plain reading of the filter matches the flow', () => {
    const seen = { matched: 0, missed: 0 };
    fc.assert(
      fc.property(
        fc.oneof(anyCondition, anyFilter),
        fc.array(anyFilteredFlow, { minLength: 10, maxLength: 20 }),
        (filter, flows) => {
          const accepts = compile(filter);
          const lines = flows.map((flow) => printFlow(flow, `${flow.family} `));
          const rows = new FlowDumpParser().push(Buffer.from(lines.map((line) => `${line}\n`).join('')));
          expect(rows).to.have.length(lines.length);
          for (const row of rows) {
            const expected = matches(filter, flowOf(row));
            expect(accepts(row), `${print(filter)} and ${row.freeText(row.line)}`).to.equal(expected);
            seen[expected ? 'matched' : 'missed']++;
          }
        },
      ),
      { numRuns: 1500 },
    );
    // Filters that match all or nothing would prove little.
    expect(seen.matched).to.be.greaterThan(2000);
    expect(seen.missed).to.be.greaterThan(2000);
  });

  it('read back as they are printed', () => {
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parse(print(filter), { build })).to.deep.equal(filter);
      }),
      { numRuns: 1500 },
    );
  });

  it('match the flows of a family as before once they are simplified for it', () => {
    fc.assert(
      fc.property(anyFilter, anyFilteredFlow, (filter, flow) => {
        const simple = simplify(filter, flow.family);
        expect(typeof simple === 'boolean' ? simple : matches(simple, flow)).to.equal(matches(filter, flow));
      }),
      { numRuns: 1500 },
    );
  });

  it('are read, or refused with a place or two conditions, whatever the text is', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...'tcp udp ip ip6 host net port portrange proto src dst orig reply state mark zone label'.split(' '),
      ),
      fc.constantFrom(
        ...'helper id nat snat natted-to assured bytes age gt and or not ( ) , ! && || < >= = "'.split(' '),
      ),
      fc.constantFrom(
        '10.0.0.1',
        '10.0.0.0/8',
        'fd00::1',
        '[fd00::1]:80',
        '22',
        '80-90',
        'established',
        '1h',
        '10M',
        '"a b"',
      ),
      fc.string({ maxLength: 5 }),
      anyCondition.map(print),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(word, { maxLength: 12 }).chain((words) => fc.constantFrom(words.join(' '), words.join(''))),
    );
    fc.assert(
      fc.property(text, (text) => {
        try {
          compile(parseFilter(text));
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect(error.code).to.equal('USAGE');
          expect(error.message).to.match(/^--filter(?: at character \d+)?: .*\.$/s);
          expect(error.next ?? '.').to.match(/[.?]$/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
