import { expect } from 'chai';
import type { CacheName } from '../../src/model/dump.js';
import type { FlowStream } from '../../src/model/flow-stream.js';
import { type CacheView, renderCacheTable } from '../../src/renderers/cache-table.js';
import { columnsOf } from '../../src/renderers/chosen-columns.js';
import { dumpOf, flowsIn } from '../support/flow-source.js';
import { MemorySink } from '../support/memory-sink.js';

async function shown(
  source: FlowStream,
  cache: CacheName = 'internal',
  view: Partial<CacheView> = {},
  sink = new MemorySink(),
): Promise<string> {
  await renderCacheTable(source, { cache, width: 'narrow', ...view }, sink);
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

  it('has - where the external cache gives nothing, and below what is to be said of it', async () => {
    const remarks = ['No replies here.'];
    expect(await shown(dumpOf([flowsIn(EXTERNAL, IPV6)], { complete: true, remarks }), 'external')).to.equal(
      'SOURCE      DESTINATION PROTOCOL STATE REPLY or NAT CACHED FOR\n' +
        '10.0.0.1    10.0.0.2    icmp [1] -     -            1 min 1 s\n' +
        '[fd00::1]:1 [fd00::2]:2 udp [17] -     -            -3 s\n' +
        '\n2 flows in the external cache, complete.\nNo replies here.\n',
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

  it('says of flows that were picked from how many they are, and of a part that it is one', async () => {
    const summary = { unreadable: 0, elapsed_ms: 1 };
    const footer = async (numbers: object, more: object = { complete: true }): Promise<string | undefined> => {
      const verdict = { summary: { shown: 1, ...numbers, ...summary }, ...more };
      return (await shown(dumpOf([flowsIn(MIRRORED)], verdict))).trimEnd().split('\n').at(-1);
    };
    expect(await footer({ matched: 1, scanned: 2200 })).to.equal(
      '1 matching flow in the internal cache, complete (2,200 looked at).',
    );
    expect(await footer({ matched: 12, scanned: 22 })).to.equal(
      '1 of 12 matching flows in the internal cache, complete (22 looked at).',
    );
    expect(await footer({ matched: 22, scanned: 22 })).to.equal('1 of 22 flows in the internal cache, complete.');
    expect(await footer({ matched: 1, scanned: 22 }, { complete: false })).to.equal(
      '1 matching flow in the internal cache, INCOMPLETE (22 looked at).',
    );
    expect(await footer({ limited: true }, {})).to.equal('the first 1 flow in the internal cache.');
    expect(await footer({ matched: 1, scanned: 22 }, {})).to.equal(
      '1 matching flow in the internal cache (22 looked at).',
    );
  });

  it('wide, has every field that the cache has, and no other', async () => {
    const headerOf = async (cache: CacheName, ...lines: string[]): Promise<string> =>
      (await shown(dumpOf([flowsIn(...lines)]), cache, { width: 'wide' })).split('\n', 1)[0]!.replace(/ {2,}/g, ' ');
    const both = 'ORIGINAL SOURCE ORIGINAL DESTINATION';
    expect(await headerOf('internal', MIRRORED, SNAT)).to.equal(
      `${both} REPLY SOURCE REPLY DESTINATION PROTOCOL STATE MARK ZONE FLAGS NAT CACHED FOR`,
    );
    expect(await headerOf('external', IPV6)).to.equal(`${both} PROTOCOL STATE MARK ZONE FLAGS CACHED FOR`);
    expect(await headerOf('external', EXTERNAL)).to.equal(
      `${both} PROTOCOL STATE MARK ZONE FLAGS CACHED FOR EXPIRES IN`,
    );
    const kernel =
      'udp 17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 packets=1 bytes=28 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 packets=0 bytes=0 mark=0 use=1';
    expect(await headerOf('internal', kernel)).to.equal(
      `${both} REPLY SOURCE REPLY DESTINATION PROTOCOL STATE TIMEOUT PACKETS BYTES MARK ZONE FLAGS NAT`,
    );
  });

  it('wide on a terminal, leaves out what has no room and says so', async () => {
    const sink = new MemorySink({ columns: 80 });
    const text = await shown(dumpOf([flowsIn(MIRRORED, SNAT)]), 'internal', { width: 'wide' }, sink);
    expect(text).to.match(/^Not shown, for want of room: .*ZONE/);
    expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('has the columns that were asked for', async () => {
    const columns = columnsOf('src,dport,active_since');
    expect(await shown(dumpOf([flowsIn(MIRRORED)]), 'internal', { columns })).to.equal(
      'ORIGINAL SRC ORIGINAL DPORT ACTIVE SINCE\n10.0.0.1     22             7500\n\n1 flow in the internal cache, complete.\n',
    );
  });
});
