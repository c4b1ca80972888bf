import { expect } from 'chai';
import fc from 'fast-check';
import type { CacheName } from '../../src/model/dump.js';
import type { Flow, Tuple } from '../../src/model/flow.js';
import { flowOf } from '../../src/model/flow-row.js';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import { notesOnGaps, refuseGaps } from '../../src/query/cache-gaps.js';
import type { Filter } from '../../src/query/filter/ast.js';
import { compile } from '../../src/query/filter/compile.js';
import { print } from '../../src/query/filter/print.js';
import { readArchive } from '../support/archive.js';
import { anyCondition, anyFilteredFlow, filterOver } from '../support/filter-arbitraries.js';
import { matches } from '../support/filter-oracle.js';
import { printFlow } from '../support/flow-line.js';

const anyFilter = fc.oneof(anyCondition, filterOver(anyCondition));

/** What conntrackd prints of a flow that it has in a cache (formats.md §9). */
const CACHED: Readonly<Record<CacheName, (flow: Flow) => Flow>> = {
  internal: ({ timeout: _t, delta_time: _d, id: _i, labels: _l, original, reply, ...flow }) => ({
    ...flow,
    original: uncounted(original),
    ...(reply === undefined ? {} : { reply: uncounted(reply) }),
    active_since: 5,
  }),
  external: (flow) => {
    const { reply: _r, nat: _n, original, ...others } = CACHED.internal(flow);
    const { zone: _z, ...tuple } = original;
    return { ...others, original: tuple };
  },
};

function uncounted({ packets: _p, bytes: _b, ...tuple }: Tuple): Tuple {
  return tuple;
}

function isRefused(cache: CacheName, filter: Filter): boolean {
  try {
    refuseGaps(cache, 'cache', { filter });
    return false;
  } catch {
    return true;
  }
}

function rowsOf(flow: Flow) {
  return new FlowDumpParser().push(Buffer.from(`${printFlow(flow, '')}\n`));
}

const captured = [...readArchive(new URL('../fixtures/conntrackd-1.4.7/flow-caches.archive', import.meta.url)).values()]
  .flatMap((bytes) => bytes.toString('latin1').split('\n'))
  .filter((line) => line !== '');

/** Captured lines, some of them cut, spliced or with bytes in them that no tool prints. */
const damagedDump = fc
  .array(
    fc.record({
      line: fc.constantFrom(...captured),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.oneof(fc.constant(0), fc.nat(12)),
      insert: fc.string({ unit: fc.constantFrom(...' =[]srcdt0129.:,\0\x1b\n'), maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((lines) =>
    lines
      .map(({ line, at, cut, insert }) => {
        const place = Math.floor(at * line.length);
        return `${line.slice(0, place)}${insert}${line.slice(place + cut)}\n`;
      })
      .join(''),
  );

describe('properties: questions about caches', () => {
  for (const cache of ['internal', 'external'] as const) {
    it(`the ${cache} cache answers as the whole flow would, or it refuses, or it says what it can't see`, () => {
      const seen = { matched: 0, missed: 0, refused: 0 };
      fc.assert(
        fc.property(anyFilter, fc.array(anyFilteredFlow, { minLength: 5, maxLength: 10 }), (filter, flows) => {
          if (isRefused(cache, filter)) return void seen.refused++;
          if (notesOnGaps(cache, { filter }).length > 0) return;
          const accepts = compile(filter);
          for (const flow of flows.filter(({ reply }) => reply !== undefined)) {
            const expected = matches(filter, flow);
            const [row] = rowsOf(CACHED[cache](flow));
            expect(accepts(row!), `${print(filter)} and ${printFlow(flow, '')}`).to.equal(expected);
            seen[expected ? 'matched' : 'missed']++;
          }
        }),
        { numRuns: 2000 },
      );
      for (const count of Object.values(seen)) expect(count).to.be.greaterThan(200);
    });
  }

  it('a filter picks from a damaged dump what it would pick of the flows in it, and counts every line', () => {
    fc.assert(
      fc.property(damagedDump, anyFilter, (dump, filter) => {
        const all = new FlowDumpParser();
        const flows = all.push(Buffer.from(dump, 'latin1')).map(flowOf);
        all.end();
        const picking = new FlowDumpParser(compile(filter));
        const picked = picking.push(Buffer.from(dump, 'latin1')).map(flowOf);
        picking.end();
        expect(picked).to.deep.equal(flows.filter((flow) => matches(filter, flow)));
        expect(picking.tally).to.deep.equal(all.tally);
      }),
      { numRuns: 1000 },
    );
  });
});
