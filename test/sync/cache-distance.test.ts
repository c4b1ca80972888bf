import { expect } from 'chai';
import fc from 'fast-check';
import { acceptedFlows, bothLooks, type CacheLook, distance } from '../../src/sync/cache-distance.js';

/** A quiet node whose cache has what it should. */
const QUIET: CacheLook = {
  counters: { created: 5000, destroyed: 4000 },
  table: { yes: 1000, maybe: 0, no: 50 },
  tracked: 1050,
  internal: 1000,
  tableAfter: { yes: 1000, maybe: 0, no: 50 },
  countersAfter: { created: 5000, destroyed: 4000 },
};

const far = (over: Partial<CacheLook>): ReturnType<typeof distance> => distance(acceptedFlows({ ...QUIET, ...over }));

describe('the distance of the internal cache from the kernel', () => {
  it('is none where both have the same, or nearly', () => {
    expect(far({})).to.equal(undefined);
    expect(far({ internal: 900 })).to.equal(undefined);
    expect(far({ internal: 1100 })).to.equal(undefined);
  });

  it('is more than a hundred flows and a tenth', () => {
    expect(far({ internal: 899 })).to.equal('fewer');
    expect(far({ internal: 0 })).to.equal('fewer');
    expect(far({ internal: 1112 })).to.equal('more');
  });

  it('is counted from the fewest and the most that the table had', () => {
    const tableAfter = { yes: 2000, maybe: 0, no: 50 };
    expect(far({ tableAfter, internal: 950 })).to.equal(undefined);
    expect(far({ tableAfter, internal: 2100 })).to.equal(undefined);
    expect(far({ tableAfter, internal: 2300 })).to.equal('more');
  });

  it('allows for what came and went meanwhile', () => {
    const countersAfter = { created: 5400, destroyed: 4400 };
    expect(far({ countersAfter, internal: 500 })).to.equal(undefined);
    expect(far({ countersAfter, internal: 400 })).to.equal('fewer');
    expect(far({ countersAfter, internal: 1500 })).to.equal(undefined);
    expect(far({ countersAfter, internal: 1600 })).to.equal('more');
  });

  it('counts on where a counter of 32 bits has wrapped', () => {
    const counters = { created: 4_294_967_200, destroyed: 4000 };
    expect(far({ counters, countersAfter: { created: 304, destroyed: 4000 }, internal: 550 })).to.equal(undefined);
  });

  it('allows for flows that have expired and are not yet removed, which the table does not show', () => {
    expect(far({ tracked: 4050, internal: 4000 })).to.equal(undefined);
    expect(far({ tracked: undefined, internal: 4000 })).to.equal('more');
  });

  it('allows for TCP flows that may have been let in before, but does not ask for them', () => {
    const table = { yes: 1000, maybe: 3000, no: 50 };
    const over = { table, tableAfter: table, tracked: 4050 };
    expect(far({ ...over, internal: 1000 })).to.equal(undefined);
    expect(far({ ...over, internal: 4000 })).to.equal(undefined);
    expect(far({ ...over, internal: 4500 })).to.equal('more');
  });

  it('is told by the later of two looks, with the room of both', () => {
    const [first, second] = [acceptedFlows({ ...QUIET, internal: 10 }), acceptedFlows(QUIET)];
    expect(bothLooks(first, second)).to.deep.equal(second);
    const wide = { ...first, least: 500, most: 3000 };
    expect(bothLooks(wide, second)).to.deep.equal({ ...second, least: 500, most: 3000 });
  });

  it('is none of any cache that is within what both tables have', () => {
    const count = fc.nat(100_000);
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (yes, maybe, later, no, at) => {
          const [low, high] = [Math.min(yes, later), Math.max(yes, later) + maybe];
          const internal = Math.round(low + at * (high - low));
          const over = { table: { yes, maybe, no }, tableAfter: { yes: later, maybe, no }, tracked: 0, internal };
          expect(far(over)).to.equal(undefined);
        },
      ),
    );
  });
});
