import { expect } from 'chai';
import type { FlowStream } from '../../src/model/flow-stream.js';
import { renderCacheTable } from '../../src/renderers/cache-table.js';
import { dumpOf, flowsIn } from '../support/flow-source.js';
import { MemorySink } from '../support/memory-sink.js';

async function shown(source: FlowStream, name = 'internal', sink = new MemorySink()): Promise<string> {
  await renderCacheTable(source, name, sink);
  return sink.text;
}

const MIRRORED =
  'tcp      6 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1000 dport=22 src=10.0.0.2 dst=10.0.0.1 sport=22 dport=1000 [ASSURED] mark=0 [active since 7500s]';
const SNAT =
  'udp      17 src=10.0.0.1 dst=192.0.2.9 sport=53 dport=53 [UNREPLIED] src=192.0.2.9 dst=192.0.2.1 sport=53 dport=1024 [active since 5s]';
const BOTH =
  'tcp      6 TIME_WAIT src=10.0.0.1 dst=192.0.2.9 sport=5 dport=80 src=10.9.0.1 dst=192.0.2.1 sport=8080 dport=5 [active since 0s]';
const EXTERNAL = 'icmp     1 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=77 [expires in 174s] [active since 61s]';
const IPV6 = 'udp      17 src=fd00::1 dst=fd00::2 sport=1 dport=2 [active since -3s]';

describe('renderers/cache-table', () => {
  it('has a row for each flow, and a count line', async () => {
    expect(await shown(dumpOf([flowsIn(MIRRORED, SNAT), flowsIn(BOTH)]))).to.equal(
      'SOURCE        DESTINATION  PROTOCOL STATE               REPLY or NAT        CACHED FOR\n' +
        '10.0.0.1:1000 10.0.0.2:22  tcp [6]  ESTABLISHED assured mirrored            2 h 5 min\n' +
        '10.0.0.1:53   192.0.2.9:53 udp [17] unreplied           snat 192.0.2.1:1024 5 s\n' +
        '10.0.0.1:5    192.0.2.9:80 tcp [6]  TIME_WAIT           snat 192.0.2.1:5 dnat 10.9.0.1:8080 0 s\n' +
        '\n3 flows in the internal cache, complete.\n',
    );
  });

  it('has - where the external cache gives nothing', async () => {
    expect(await shown(dumpOf([flowsIn(EXTERNAL, IPV6)]), 'external')).to.equal(
      'SOURCE      DESTINATION PROTOCOL STATE REPLY or NAT CACHED FOR\n' +
        '10.0.0.1    10.0.0.2    icmp [1] -     -            1 min 1 s\n' +
        '[fd00::1]:1 [fd00::2]:2 udp [17] -     -            -3 s\n' +
        '\n2 flows in the external cache, complete.\n',
    );
  });

  it("has - for the age where it shows the kernel's table (DisableInternalCache)", async () => {
    const line =
      'udp 17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 mark=0 use=1';
    expect(await shown(dumpOf([flowsIn(line)]))).to.match(
      / mirrored +-\n\n1 flow in the internal cache, complete\.\n$/,
    );
  });

  it('an empty cache is a count line alone', async () => {
    expect(await shown(dumpOf([]), 'external')).to.equal('0 flows in the external cache, complete.\n');
    expect(await shown(dumpOf([], {}), 'external')).to.equal('0 flows in the external cache.\n');
    expect(await shown(dumpOf([], { complete: false }))).to.equal('0 flows in the internal cache, INCOMPLETE.\n');
  });
});
