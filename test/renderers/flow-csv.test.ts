import { expect } from 'chai';
import fc from 'fast-check';
import { fieldsOf } from '../../src/renderers/chosen-columns.js';
import { renderFlowCsv } from '../../src/renderers/flow-csv.js';
import { FLOW_FIELDS } from '../../src/renderers/flow-fields.js';
import { dumpOf, flowsIn } from '../support/flow-source.js';
import { MemorySink } from '../support/memory-sink.js';

const TUPLES =
  'src=10.0.0.1 dst=192.0.2.1 sport=1000 dport=80 packets=5 bytes=18446744073709551615 src=10.9.9.9 dst=192.0.2.7 sport=8080 dport=1000 packets=4 bytes=400';

async function csv(lines: string[], columns?: string, sink = new MemorySink()): Promise<string> {
  await renderFlowCsv(dumpOf([flowsIn(...lines)]), fieldsOf(columns) ?? FLOW_FIELDS, sink);
  return sink.text;
}

describe('renderers/flow-csv', () => {
  it('has a line of names, and every line ends as RFC 4180 has it', async () => {
    const line = `tcp 6 431999 ESTABLISHED ${TUPLES} [ASSURED] mark=7 zone=3 use=1 id=1`;
    expect(await csv([line])).to.equal(
      'family,protocol,protocol_number,state,timeout,' +
        'original_src,original_dst,original_sport,original_dport,original_type,original_code,original_id,original_srckey,original_dstkey,original_zone,original_packets,original_bytes,' +
        'reply_src,reply_dst,reply_sport,reply_dport,reply_type,reply_code,reply_id,reply_srckey,reply_dstkey,reply_zone,reply_packets,reply_bytes,' +
        'status,nat,mark,zone,use,id,delta_time,expires_in,active_since,helper,labels,secmark,secctx,start,stop,extra\r\n' +
        'ipv4,tcp,6,ESTABLISHED,431999,10.0.0.1,192.0.2.1,1000,80,,,,,,,5,18446744073709551615,' +
        '10.9.9.9,192.0.2.7,8080,1000,,,,,,,4,400,assured,"snat,dnat",7,3,1,1,,,,,,,,,,\r\n',
    );
  });

  it('has the columns that were asked for', async () => {
    const line = `udp 17 29 ${TUPLES} mark=7 use=1`;
    expect(await csv([line], 'dport,src,mark,zone')).to.equal(
      'original_dport,original_src,mark,zone\r\n80,10.0.0.1,7,\r\n',
    );
  });

  it('escapes control characters on a terminal, and only there', async () => {
    const lines = [`udp 17 29 ${TUPLES} mark=7 helper=\u001b[31mred\u0007`];
    expect(await csv(lines, 'mark,helper', new MemorySink({ columns: 80 }))).to.equal(
      'mark,helper\r\n7,\\x1b[31mred\\x07\r\n',
    );
    expect(await csv(lines, 'mark,helper')).to.equal('mark,helper\r\n7,\u001b[31mred\u0007\r\n');
  });

  it('quotes what holds commas, quotes and line ends, and lets no text be a formula', async () => {
    const label = fc.string({
      unit: fc.constantFrom('=', '+', '-', '@', '"', ' ', 'a', '1', '\t', '\r', ';'),
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(label, async (name) => {
        fc.pre(!name.includes(' ['));
        const text = await csv([`udp 17 29 ${TUPLES} mark=7 labels=${name},b`], 'labels,mark');
        const [, cell] = /^labels,mark\r\n([^]*),7\r\n$/.exec(text)!;
        const value = cell!.startsWith('"') ? cell!.slice(1, -1).replaceAll('""', '"') : cell!;
        expect(value.replace(/^'(?=[=+\-@\t\r])/, '')).to.equal(`${name},b`);
        expect(value).to.not.match(/^[=+\-@\t\r]/);
        if (!cell!.startsWith('"')) expect(cell).to.not.match(/[",\r\n]/);
      }),
    );
  });
});
