import { expect } from 'chai';
import { renderFlowTable } from '../../src/renderers/flow-table.js';
import { dumpOf, flowsIn } from '../support/flow-source.js';
import { MemorySink } from '../support/memory-sink.js';

const FLOW =
  'ipv4     2 udp      17 9 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1 mark=0 use=1 id=7';

async function shown(...dump: Parameters<typeof dumpOf>): Promise<string> {
  const sink = new MemorySink({ columns: 80 });
  await renderFlowTable(dumpOf(...dump), { of: 'dying', width: 'narrow' }, sink);
  return sink.text;
}

describe('table of dying flows', () => {
  it('is the flow table', async () => {
    expect(await shown([flowsIn(FLOW)])).to.match(
      /^TCP state codes: [^]*\nCONN ID .*\n7 .*\n\n1 flow, complete \(0\.0 s\)\.\n$/,
    );
  });

  it('says why it is empty, in lines that fit', async () => {
    const text = await shown([]);
    expect(text).to.match(/^No dying flows\.\n\nA flow that has ended [^]*\.\n$/);
    expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('says nothing of the kind where it can not know, or where nothing is tracked', async () => {
    expect(await shown([], {})).to.equal('No dying flows.\n');
    expect(await shown([], { complete: true, tracking: 'not_loaded' })).to.equal('No dying flows.\n');
  });
});
