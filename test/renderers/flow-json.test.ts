import { expect } from 'chai';
import { flowOf } from '../../src/model/flow-row.js';
import type { Flow } from '../../src/model/flow.js';
import { flatJsonWriter } from '../../src/renderers/flat-json.js';
import { fieldsOf } from '../../src/renderers/chosen-columns.js';
import { FLOW_FIELDS } from '../../src/renderers/flow-fields.js';
import { writeFlowJson } from '../../src/renderers/flow-json.js';
import { renderFlowLines } from '../../src/renderers/flow-lines.js';
import { TextBuffer } from '../../src/renderers/text-buffer.js';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import { readArchive } from '../support/archive.js';
import { fixture } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { dumpOf, flowsIn } from '../support/flow-source.js';
import { MemorySink } from '../support/memory-sink.js';

const ARCHIVES = ['conntrack-1.4.7/flow-tables', 'conntrack-1.4.9/flow-tables', 'conntrackd-1.4.7/flow-caches'];

/** JSON text with every number as the digits that stand in it, since JSON.parse would round them. */
function parsed(text: string): unknown {
  return JSON.parse(text.replace(/(?<=":)-?\d+(?=[,}\]])/g, '"$&"'));
}

/** As {@link parsed} has a flow. */
function expected(flow: Flow): unknown {
  return JSON.parse(
    JSON.stringify(flow, (_, value: unknown) =>
      typeof value === 'number' || typeof value === 'bigint' ? String(value) : value,
    ),
  );
}

/** The flow with one level of keys, written on its own. */
function flattened({ protocol, original, reply, ...flow }: Flow): Record<string, unknown> {
  const flat: Record<string, unknown> = { protocol: protocol.name, protocol_number: protocol.number };
  for (const [direction, tuple] of Object.entries({ original, reply: reply ?? {} }))
    for (const [key, value] of Object.entries(tuple)) flat[`${direction}_${key}`] = value;
  for (const [key, value] of Object.entries(flow)) {
    const text = Array.isArray(value) ? value.join(key === 'extra' ? ' ' : ',') : value;
    if (!Array.isArray(value) || value.length > 0 || key === 'labels') flat[key] = text;
  }
  return flat;
}

describe('renderers/flow-json', () => {
  for (const archive of ARCHIVES) {
    it(`every flow of ${archive} is the flow that was read, nested and flat`, () => {
      const flat = flatJsonWriter(FLOW_FIELDS);
      for (const bytes of readArchive(fixture(`${archive}.archive`)).values()) {
        for (const row of new FlowDumpParser().push(bytes)) {
          const flow = flowOf(row);
          const out = new TextBuffer();
          writeFlowJson(out, row);
          expect(parsed(out.take().toString())).to.deep.equal(expected(flow));
          flat(out, row);
          expect(parsed(out.take().toString())).to.deep.equal(expected(flattened(flow) as unknown as Flow));
        }
      }
    });
  }

  it('flat: has the fields that were asked for, in their order', () => {
    const [row] = flowsIn('udp 17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 mark=7');
    const out = new TextBuffer();
    flatJsonWriter(fieldsOf('zone,mark,src,dport,protocol')!)(out, row!);
    expect(out.take().toString()).to.equal('{"mark":7,"original_src":"10.0.0.1","original_dport":2,"protocol":"udp"}');
  });

  it('escapes whatever a name holds', () => {
    const [row] = flowsIn('udp 17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 helper="\\\u001b\u202e frob"=\\');
    const out = new TextBuffer();
    writeFlowJson(out, row!);
    const text = out.take().toString();
    expect(text).to.match(/^[ -~]*$/);
    expect(JSON.parse(text)).to.deep.include({ helper: '"\\\u001b\u202e', extra: ['frob"=\\'] });
  });
});

describe('renderers/flow-lines', () => {
  const flows = () => [flowsIn('udp 17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 mark=7')];
  const envelope = { schema: 'ctsync/summary/1', source: 'capture' };

  async function lines(summary: boolean, verdict = {}): Promise<string[]> {
    const sink = new MemorySink();
    await renderFlowLines(dumpOf(flows(), verdict), writeFlowJson, { envelope, summary }, sink);
    return sink.text.split('\n');
  }

  it('has a flow a line, and no more where the answer is whole', async () => {
    const [flow, end] = await lines(false, { complete: true });
    expect(JSON.parse(flow!)).to.deep.include({ family: 'ipv4', mark: 7 });
    expect(end).to.equal('');
  });

  it('ends with a summary where one is asked for, and always where the answer is not whole', async () => {
    for (const [summary, complete] of [
      [true, true],
      [false, false],
    ] as const) {
      const [, last, end] = await lines(summary, { complete });
      expect(documentOf(last!)).to.deep.include({ schema: 'ctsync/summary/1', complete });
      expect(end).to.equal('');
    }
  });
});
