import { readdirSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { Failure } from '../../src/model/failure.js';
import type { FlowStream } from '../../src/model/flow-stream.js';
import { orderOf } from '../../src/query/order.js';
import { LimitedFlows } from '../../src/readers/limited-flows.js';
import { SortedFlows } from '../../src/readers/sorted-flows.js';
import { SortedRuns } from '../../src/readers/sorted-runs.js';
import { dumpOf, flowsIn } from '../support/flow-source.js';

const NEVER = new AbortController().signal;

/** A flow with so many bytes, and its place in the dump as its id. */
function line(bytes: number, id: number, padding = ''): string {
  const counters = `packets=1 bytes=${bytes}`;
  return `udp 17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 ${counters} src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 packets=0 bytes=0 mark=0 use=1 id=${id}${padding}`;
}

function dump(sizes: readonly number[], batch = 7, padding = ''): FlowStream {
  const batches = [];
  for (let i = 0; i < sizes.length; i += batch)
    batches.push(flowsIn(...sizes.slice(i, i + batch).map((size, j) => line(size, i + j + 1, padding))));
  return dumpOf(batches);
}

async function idsOf(flows: FlowStream): Promise<number[]> {
  const ids: number[] = [];
  for await (const rows of flows.batches()) ids.push(...rows.map((row) => row.number(row.id)));
  return ids;
}

/** The ids of flows of these sizes, largest first; of the same size the one that came first. */
function largestFirst(sizes: readonly number[]): number[] {
  return sizes
    .map((size, i) => ({ size, id: i + 1 }))
    .sort((a, b) => b.size - a.size || a.id - b.id)
    .map(({ id }) => id);
}

describe('readers/sorted-flows', () => {
  it('sorts all flows, and the first so many are the first of all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 60 }), fc.nat(70), async (sizes, limit) => {
        const all = await idsOf(new SortedFlows(dump(sizes), orderOf('-bytes'), undefined, NEVER));
        expect(all).to.deep.equal(largestFirst(sizes));
        const first = new SortedFlows(dump(sizes), orderOf('-bytes'), limit, NEVER);
        expect(await idsOf(first)).to.deep.equal(all.slice(0, limit));
        expect(first.verdict().summary).to.include({ shown: Math.min(limit, sizes.length), matched: sizes.length });
      }),
      { numRuns: 200 },
    );
  });

  it('keeps every byte of a line', async () => {
    const flows = new SortedFlows(dump([1], 1, ' frob=\u00fc helper=b\u00fcro'), orderOf('bytes'), undefined, NEVER);
    for await (const [row] of flows.batches())
      expect(row!.freeText(row!.line)).to.include(' frob=\u00fc helper=b\u00fcro');
  });

  describe('with more flows than it keeps in memory', () => {
    let folder: string;
    let before: string | undefined;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'ctsync-sort-'));
      before = process.env['TMPDIR'];
      process.env['TMPDIR'] = folder;
    });
    afterEach(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      rmSync(folder, { recursive: true });
    });

    // A label is as long as it likes: few flows fill many runs.
    const padding = ` labels=${'x'.repeat(5000)}`;
    const sizes = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 1000);

    it('merges sorted runs from a file that has no name, and leaves nothing behind', async () => {
      const flows = new SortedFlows(dump(sizes, 50, padding), orderOf('-bytes'), undefined, NEVER);
      const ids: number[] = [];
      for await (const rows of flows.batches()) {
        ids.push(...rows.map((row) => row.number(row.id)));
        expect(readdirSync(folder)).to.deep.equal([]);
      }
      expect(ids).to.deep.equal(largestFirst(sizes));
      expect(flows.verdict()).to.deep.include({ complete: true });
    });

    it('ends at once when it is interrupted while it merges', async () => {
      const interruption = new AbortController();
      const flows = new SortedFlows(dump(sizes, 50, padding), orderOf('bytes'), undefined, interruption.signal);
      let shown = 0;
      for await (const rows of flows.batches()) {
        shown += rows.length;
        interruption.abort();
      }
      expect(shown).to.be.within(1, 1000);
      const { complete, failure, summary } = flows.verdict();
      expect({ complete, code: failure?.code }).to.deep.equal({ complete: false, code: 'INTERRUPTED' });
      expect(summary.shown).to.equal(shown);
    });

    it('says so where there is no room for the file', async () => {
      process.env['TMPDIR'] = join(folder, 'nowhere');
      const runs = new SortedRuns(orderOf('bytes'));
      const rows = flowsIn(...sizes.slice(0, 1000).map((size, i) => line(size, i, padding)));
      const failure = await runs.add(rows).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure).to.be.instanceOf(Failure).and.to.include({ code: 'OUTPUT_FAILED' });
    });
  });
});

describe('readers/limited-flows', () => {
  it('ends the reading with the last flow that is wanted, and says that it does not know the others', async () => {
    let asked = 0;
    const all = dump([1, 2, 3, 4, 5, 6], 2);
    const counting: FlowStream = {
      ...all,
      async *batches() {
        for await (const rows of all.batches()) {
          asked++;
          yield rows;
        }
      },
    };
    const flows = new LimitedFlows(counting, 3);
    expect(await idsOf(flows)).to.deep.equal([1, 2, 3]);
    expect(asked).to.equal(2);
    const { summary, complete } = flows.verdict();
    expect(summary).to.deep.equal({ shown: 3, limited: true, unreadable: 0, elapsed_ms: 1 });
    expect(complete).to.equal(undefined);
  });

  it('is a whole answer where there are fewer', async () => {
    const flows = new LimitedFlows(dump([1, 2]), 3);
    expect(await idsOf(flows)).to.deep.equal([1, 2]);
    expect(flows.verdict()).to.deep.include({ complete: true });
    expect(flows.verdict().summary).to.include({ shown: 2, matched: 2 });
  });

  it('shows none where none is wanted', async () => {
    expect(await idsOf(new LimitedFlows(dump([1, 2]), 0))).to.deep.equal([]);
  });
});
