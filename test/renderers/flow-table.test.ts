import { expect } from 'chai';
import type { FlowStream } from '../../src/model/flow-stream.js';
import { columnsOf } from '../../src/renderers/chosen-columns.js';
import { renderFlowTable } from '../../src/renderers/flow-table.js';
import { TCP_LEGEND } from '../../src/renderers/flow-state.js';
import { dumpOf, flowsIn } from '../support/flow-source.js';
import { MemorySink } from '../support/memory-sink.js';

async function shown(source: FlowStream, family: 'ipv4' | 'ipv6' = 'ipv4', wide = false, sink = new MemorySink()) {
  await renderFlowTable(source, { of: [family], width: wide ? 'wide' : 'narrow' }, sink);
  return sink.text;
}

/** A line of conntrack: what comes before the tuples, then ports that the reply mirrors, then what comes behind. */
function udp(
  id: number,
  { src = '10.0.0.1', dst = '10.0.0.2', l4 = 'udp 17', timeout = '29 ', end = '' } = {},
): string {
  const ports = l4 === 'udp 17' || l4 === 'tcp 6' ? ' sport=1 dport=2' : '';
  return `${l4} ${timeout}src=${src} dst=${dst}${ports} src=${dst} dst=${src}${ports.replace(/(\d)(.*)(\d)/, '$3$2$1')} ${end}mark=0 use=1 id=${id}`;
}

const HEADER = 'CONN ID    Source                 Destination            Protocol         TIMEOUT\n';

describe('renderers/flow-table', () => {
  it('has a legend, a header, a row for each flow and a count', async () => {
    expect(await shown(dumpOf([flowsIn(udp(1)), flowsIn(udp(2), udp(3))]))).to.equal(
      `${TCP_LEGEND}\n${HEADER}` +
        '1          10.0.0.1:1             10.0.0.2:2             udp [17]         29\n' +
        '2          10.0.0.1:1             10.0.0.2:2             udp [17]         29\n' +
        '3          10.0.0.1:1             10.0.0.2:2             udp [17]         29\n' +
        '\n3 flows, complete (0.0 s).\n',
    );
  });

  it('names a protocol that conntrack does not know, and shows one without ports by its addresses', async () => {
    const text = await shown(dumpOf([flowsIn(udp(1, { l4: 'unknown 50' }), udp(2, { l4: 'unknown 254' }))]));
    expect(text).to.match(/^1 {10}10\.0\.0\.1 +10\.0\.0\.2 +esp \[50\] +29$/m);
    expect(text).to.match(/^2 {10}10\.0\.0\.1 +10\.0\.0\.2 +unknown \[254\] +29$/m);
  });

  it('shows an offloaded flow, which has no timeout, as such', async () => {
    const text = await shown(dumpOf([flowsIn(udp(1, { l4: 'tcp 6', timeout: '', end: '[OFFLOAD] ' }))]));
    expect(text).to.match(/^1 .* tcp \[6\] +offload$/m);
  });

  it('has - where conntrack was not asked for ids', async () => {
    expect(await shown(dumpOf([flowsIn(udp(1).replace(' id=1', ''))]))).to.match(/^- {10}10\.0\.0\.1:1 /m);
  });

  it('explains codes that the legend lacks under the table', async () => {
    const sctp = udp(1, { l4: 'udp 17' }).replace('udp 17 29', 'sctp 132 29 COOKIE_WAIT');
    expect(await shown(dumpOf([flowsIn(sctp)]))).to.match(
      / sctp \[132\] KW +29\n\nSCTP state codes: KW - COOKIE WAIT\n\n1 flow, complete \(0\.0 s\)\.\n$/,
    );
  });

  it('gives IPv6 the room that the first batch needs, at most 48 characters', async () => {
    const wide = { src: '2001:db8:1:2:3:4:5:6', dst: 'fd00::2' };
    const widest = { src: 'fd00::1', dst: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff' };
    const text = await shown(dumpOf([flowsIn(udp(1, wide)), flowsIn(udp(2, widest), udp(3, wide))]), 'ipv6');
    const rows = text.split('\n').filter((line) => /^\d {2}/.test(line));
    expect(rows).to.deep.equal([
      '1          [2001:db8:1:2:3:4:5:6]:1 [fd00::2]:2            udp [17]         29',
      '2          [fd00::1]:1              [2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:2 udp [17]         29',
      '3          [2001:db8:1:2:3:4:5:6]:1 [fd00::2]:2            udp [17]         29',
    ]);
  });

  it('wide: has every field in a column of its own, and no legend', async () => {
    const original = 'src=10.0.0.1 dst=192.0.2.1 sport=1000 dport=80 packets=5 bytes=18446744073709551615';
    const reply = 'src=10.9.9.9 dst=192.0.2.7 sport=8080 dport=1000 packets=4 bytes=400';
    const line = `tcp 6 431999 ESTABLISHED ${original} ${reply} [ASSURED] mark=7 zone=3 use=1 id=1`;
    expect(await shown(dumpOf([flowsIn(line, udp(2))]), 'ipv4', true)).to.equal(
      'CONN ID ORIGINAL SOURCE ORIGINAL DESTINATION REPLY SOURCE  REPLY DESTINATION PROTOCOL STATE       TIMEOUT PACKETS BYTES                    MARK ZONE FLAGS   NAT\n' +
        '1       10.0.0.1:1000   192.0.2.1:80         10.9.9.9:8080 192.0.2.7:1000    tcp [6]  ESTABLISHED 431999  5/4     18446744073709551615/400 7    3    assured snat,dnat\n' +
        '2       10.0.0.1:1      10.0.0.2:2           10.0.0.2:2    10.0.0.1:1        udp [17] -           29      -       -                        0    -    -       -\n' +
        '\n2 flows, complete (0.0 s).\n',
    );
  });

  it('wide: tells the zones of one direction apart', async () => {
    const line = udp(1).replace(' src=10.0.0.2', ' zone-orig=5 src=10.0.0.2').replace(' mark', ' zone-reply=6 mark');
    expect(await shown(dumpOf([flowsIn(line)]), 'ipv4', true)).to.include(' orig:5,reply:6 ');
  });

  it('an empty table says so', async () => {
    expect(await shown(dumpOf([]))).to.equal('No IPv4 flows.\n');
    expect(await shown(dumpOf([]), 'ipv6')).to.equal('No IPv6 flows.\n');
    expect(await shown(dumpOf([], { complete: false }))).to.equal('0 flows, INCOMPLETE (0.0 s).\n');
  });

  it('says nothing under the rows where nothing is known about the end of a capture', async () => {
    expect(await shown(dumpOf([flowsIn(udp(1))], {}))).to.match(/ udp \[17\] +29\n$/);
  });

  it('shows the first batch at once, and the rest in large pieces', async () => {
    const sink = new MemorySink();
    const row = flowsIn(udp(1));
    const rest = Array.from({ length: 2000 }, () => row[0]!);
    await shown(dumpOf([row, rest]), 'ipv4', false, sink);
    expect(sink.count).to.equal(4);
    expect(sink.text.match(/^1 .*$/gm)).to.have.length(2001);
  });

  it('wide, on a terminal that has no room for all: says what it leaves out and how to get it', async () => {
    const sink = new MemorySink({ columns: 80 });
    const text = await shown(dumpOf([flowsIn(udp(1))]), 'ipv4', true, sink);
    expect(text).to.match(/^Not shown, for want of room: CONN ID, REPLY SOURCE, REPLY DESTINATION, /);
    expect(text).to.match(/ or --columns id,reply_source,reply_destination,\s+\S+\s+shows them\.\n/);
    expect(text).to.include('ORIGINAL SOURCE ORIGINAL DESTINATION PROTOCOL STATE TIMEOUT');
    for (const line of text.split('\n').slice(2)) expect(line.length).to.be.at.most(80);
  });

  it('shows the columns that were asked for, in their order, whether they fit or not', async () => {
    const sink = new MemorySink({ columns: 30 });
    const view = { of: ['ipv4'], width: 'narrow', columns: columnsOf('dport, original-src,nat,AGE') } as const;
    await renderFlowTable(dumpOf([flowsIn(udp(1).replace('mark=0', 'mark=0 delta-time=90'))]), view, sink);
    expect(sink.text.split('\n').slice(0, 4)).to.deep.equal([
      'ORIGINAL DPORT ORIGINAL SRC',
      '    NAT AGE',
      '2              10.0.0.1',
      '    -   1 min 30 s',
    ]);
  });

  it('knows no other columns, and says which there are', () => {
    expect(() => columnsOf('id,bites'))
      .to.throw('--columns does not know "bites".')
      .with.property('next')
      .match(/^Did you mean bytes\? There are id, source, /);
  });

  it('colours what nobody has answered, and what is established', async () => {
    const sink = new MemorySink({ colour: true, columns: 100 });
    const established = udp(2, { l4: 'tcp 6', timeout: '9 ESTABLISHED ' });
    await shown(dumpOf([flowsIn(udp(1, { end: '[UNREPLIED] ' }), established)]), 'ipv4', false, sink);
    expect(sink.text).to.include('\u001b[33mudp [17]\u001b[39m         29');
    expect(sink.text).to.include('\u001b[32mtcp [6] ES\u001b[39m       9');
  });

  it('names both families where both were asked for', async () => {
    const sink = new MemorySink();
    await renderFlowTable(dumpOf([]), { of: ['ipv4', 'ipv6'], width: 'narrow' }, sink);
    expect(sink.text).to.equal('No IPv4 or IPv6 flows.\n');
  });

  it('makes the headings bold and the legend faint where colours may be', async () => {
    const text = await shown(dumpOf([flowsIn(udp(1))]), 'ipv4', false, new MemorySink({ colour: true, columns: 100 }));
    expect(text).to.include('\u001b[2mTCP state codes').and.to.include('\u001b[1mCONN ID');
    expect(text).to.match(/\n1 {10}10\.0\.0\.1:1 /);
  });
});
