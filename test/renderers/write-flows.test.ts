import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { FlowRow } from '../../src/model/flow-row.js';
import type { FlowStream } from '../../src/model/flow-stream.js';
import { BufferedSink } from '../../src/renderers/sink.js';
import { writeFlows } from '../../src/renderers/write-flows.js';
import { dumpOf, flowsIn } from '../support/flow-source.js';
import { MemorySink } from '../support/memory-sink.js';

const LINE =
  'udp      17 9 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 use=1 id=1';

describe('renderers/write-flows', () => {
  /** Three batches of a row each; the last one comes when it is let go, and what happens at the end is written down. */
  function slow(until: Promise<unknown>, ends: string[] = []): FlowStream {
    const flows = dumpOf([]);
    flows.batches = async function* () {
      try {
        yield flowsIn(LINE);
        yield flowsIn(LINE);
        await until;
        yield flowsIn(LINE);
      } finally {
        ends.push('ended');
      }
    };
    return flows;
  }
  const writer = (out: BufferedSink) => (_: FlowRow) => void out.text('row ');

  it('writes what there is where the next batch lets wait for itself', async () => {
    const sink = new MemorySink();
    const out = new BufferedSink(sink);
    let go = (): void => undefined;
    const written = writeFlows(slow(new Promise<void>((resolve) => (go = resolve))), out, writer(out));
    while (sink.text !== 'row row ') await sleep(10);
    go();
    expect(await written).to.equal(3);
    // The end belongs to the renderer.
    expect(sink.text).to.equal('row row ');
    await out.flush();
    expect(sink.text).to.equal('row row row ');
  });

  it('ends the reading where nobody reads any more', async () => {
    const ends: string[] = [];
    const gone = new Error('gone');
    const out = new BufferedSink({ write: () => Promise.reject(gone), colour: false });
    const failed = await writeFlows(slow(sleep(1), ends), out, writer(out)).catch((error: unknown) => error);
    expect(failed).to.equal(gone);
    expect(ends).to.deep.equal(['ended']);
  });

  it('and does not wait for a batch that may be long in coming', async () => {
    let writes = 0;
    const gone = new Error('gone');
    const out = new BufferedSink({
      write: () => (++writes === 1 ? Promise.resolve() : Promise.reject(gone)),
      colour: false,
    });
    const never = new Promise(() => undefined);
    const failed = await writeFlows(slow(never), out, writer(out)).catch((error: unknown) => error);
    expect(failed).to.equal(gone);
  });
});
