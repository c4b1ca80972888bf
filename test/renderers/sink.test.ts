import { expect } from 'chai';
import { BufferedSink } from '../../src/renderers/sink.js';
import { MemorySink } from '../support/memory-sink.js';

describe('renderers/sink', () => {
  it('writes nothing before it is flushed, and nothing where there is nothing', async () => {
    const sink = new MemorySink();
    const out = new BufferedSink(sink);
    await out.flush();
    out.text('one ').number(2);
    expect(sink.count).to.equal(0);
    await out.flush();
    await out.flush();
    expect({ text: sink.text, count: sink.count }).to.deep.equal({ text: 'one 2', count: 1 });
  });

  it('is full at 64 KiB, and free again when it was flushed', async () => {
    const sink = new MemorySink();
    const out = new BufferedSink(sink);
    out.text('x'.repeat(65_535));
    expect(out.full).to.equal(false);
    out.text('é');
    expect(out.full).to.equal(true);
    await out.flush();
    expect(out.full).to.equal(false);
    expect(sink.text).to.equal(`${'x'.repeat(65_535)}é`);
  });

  it('passes on that nobody reads any more', async () => {
    const gone = new Error('gone');
    const out = new BufferedSink({ colour: false, write: () => Promise.reject(gone) });
    const failure = await out
      .text('x')
      .flush()
      .catch((error: unknown) => error);
    expect(failure).to.equal(gone);
  });
});
