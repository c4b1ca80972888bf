import { expect } from 'chai';
import type { Flow } from '../../src/model/flow.js';
import { parseFlowLine } from '../../src/parsers/flow-line.js';

function parse(line: string): Flow | undefined {
  return parseFlowLine(Buffer.from(line));
}

const UDP = 'udp      17 29 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1';

describe('flow line', () => {
  it('reads every field of a counted, translated TCP flow', () => {
    expect(
      parse(
        'ipv4     2 tcp      6 431992 ESTABLISHED src=10.91.1.2 dst=10.91.1.1 sport=40004 dport=8088 packets=4 bytes=221 src=10.91.2.2 dst=10.91.1.2 sport=8080 dport=40004 packets=3 bytes=174 [ASSURED] mark=0 delta-time=8 use=1 id=3486534990',
      ),
    ).to.deep.equal({
      family: 'ipv4',
      protocol: { name: 'tcp', number: 6 },
      state: 'ESTABLISHED',
      timeout: 431992,
      original: { src: '10.91.1.2', dst: '10.91.1.1', sport: 40004, dport: 8088, packets: 4, bytes: 221 },
      reply: { src: '10.91.2.2', dst: '10.91.1.2', sport: 8080, dport: 40004, packets: 3, bytes: 174 },
      status: ['assured'],
      nat: ['dnat'],
      mark: 0,
      delta_time: 8,
      use: 1,
      id: 3486534990,
    });
  });

  it('tells an ICMP identifier from the id of the flow', () => {
    const flow = parse(
      'icmp     1 24 src=192.0.2.1 dst=192.0.2.2 type=8 code=0 id=4660 src=192.0.2.2 dst=192.0.2.1 type=0 code=0 id=4660 mark=0 use=1 id=99',
    );
    expect(flow).to.deep.include({ id: 99 });
    expect(flow?.original).to.include({ type: 8, code: 0, id: 4660 });
    expect(flow).to.not.have.property('nat');
  });

  it('has no reply tuple and no NAT where the external cache gives none', () => {
    expect(parse('udp      17 src=10.91.1.2 dst=10.91.1.1 sport=41006 dport=5353 [active since 6s]')).to.deep.equal({
      family: 'ipv4',
      protocol: { name: 'udp', number: 17 },
      original: { src: '10.91.1.2', dst: '10.91.1.1', sport: 41006, dport: 5353 },
      status: [],
      active_since: 6,
    });
  });

  it('names protocols that conntrack calls unknown by their number', () => {
    expect(parse('unknown  50 9 src=192.0.2.1 dst=192.0.2.2')?.protocol).to.deep.equal({ name: 'esp', number: 50 });
    expect(parse('unknown  254 9 src=192.0.2.1 dst=192.0.2.2')?.protocol).to.deep.equal({
      name: 'unknown',
      number: 254,
    });
  });

  it('keeps 64-bit counters exact', () => {
    const flow = parse(
      'tcp      6 1 NONE src=::1 dst=::2 sport=1 dport=2 packets=18446744073709551615 bytes=9007199254740993 src=::2 dst=::1 sport=2 dport=1 packets=9007199254740991 bytes=0 delta-time=18446744073709551516',
    );
    expect(flow?.original).to.include({ packets: 18446744073709551615n, bytes: 9007199254740993n });
    expect(flow?.reply).to.include({ packets: 9007199254740991, bytes: 0 });
    expect(flow?.delta_time).to.equal(18446744073709551516n);
  });

  it('reads zones of one direction into their tuple and those of both into the flow', () => {
    const flow = parse(
      'udp      17 9 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 zone-orig=6 src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1 zone-reply=7 mark=0 zone=65535',
    );
    expect([flow?.original.zone, flow?.reply?.zone, flow?.zone]).to.deep.equal([6, 7, 65535]);
  });

  for (const [words, field, value] of [
    ['labels', 'labels', []],
    ['labels=web traffic,dmz', 'labels', ['web traffic', 'dmz']],
    ['labels=büro [active since -3s]', 'labels', ['büro']],
    ['secctx=system_u:object_r:any thing:s0 zone=3 use=1', 'secctx', 'system_u:object_r:any thing:s0'],
    ['helper=sip-<5060>&x', 'helper', 'sip-<5060>&x'],
    ['[start=Sun Nov  2 13:32:36 2026]', 'start', 'Sun Nov  2 13:32:36 2026'],
    ['[stop=Sun Nov 22 13:32:36 2026]', 'stop', 'Sun Nov 22 13:32:36 2026'],
    ['[expires in 174s]', 'expires_in', 174],
    ['[active since -5s]', 'active_since', -5],
    ['[HW_OFFLOAD]', 'status', ['hw_offload']],
    ['[OFFLOAD] mark=1', 'status', ['offload']],
    ['secmark=4294967295', 'secmark', 4294967295],
  ] as const) {
    it(`reads ${words}`, () => {
      const flow = parse(`${UDP} ${words}`);
      expect(flow).to.have.deep.property(field, value);
      expect(flow).to.not.have.property('extra');
    });
  }

  for (const word of [
    'frob=1',
    'mark=4294967296',
    'mark=',
    'mark=0x17',
    'use=-1',
    'id=12a',
    'zone=65536',
    'packets=18446744073709551616',
    'bytes=1e3',
    'delta-time=123456789012345678901',
    '[FROB]',
    '[active_since_5s]',
    '[UNREPLIED',
    'src=192.0.2.9',
    'helper=',
    'labelsx',
    'zone-orig=x',
    'srckey=0x1',
  ]) {
    it(`keeps ${word} as it stands`, () => {
      const flow = parse(`${UDP} mark=7 ${word} use=2`);
      expect(flow).to.deep.include({ mark: 7, use: 2, extra: [word] });
    });
  }

  it('reads over spaces too many', () => {
    expect(parse(`${UDP}  mark=1  use=2 `))
      .to.deep.include({ mark: 1, use: 2 })
      .and.not.have.property('extra');
  });

  it('keeps a word that is there twice', () => {
    expect(parse(`${UDP} mark=1 mark=2 [ASSURED] [ASSURED] labels labels`)).to.deep.include({
      mark: 1,
      status: ['assured'],
      labels: [],
      extra: ['mark=2', '[ASSURED]', 'labels'],
    });
    expect(parse(`${UDP} [active since 1s] [active since 2s]`)).to.deep.include({ active_since: 1 });
    expect(parse(`${UDP} [start=Sun Nov 22 13:32:36 2026] [start=Sun Nov 22 13:32:36 2026]`)?.extra).to.have.length(5);
    expect(parse(`${UDP} helper=ftp helper=sip secctx=a use=1 secctx=b`)?.extra).to.deep.equal([
      'helper=sip',
      'secctx=b',
    ]);
  });

  it('leaves ports and keys that are no numbers as words it does not know', () => {
    const flow = parse(
      'tcp      6 9 NONE src=192.0.2.1 dst=192.0.2.2 sport=70000 dport=2 type=8 code=0 id=70000 srckey=0xg dstkey=0x1',
    );
    expect(flow?.original).to.deep.equal({ src: '192.0.2.1', dst: '192.0.2.2' });
    expect(flow?.extra).to.deep.equal([
      'sport=70000',
      'dport=2',
      'type=8',
      'code=0',
      'id=70000',
      'srckey=0xg',
      'dstkey=0x1',
    ]);
    expect(parse('icmp     1 9 src=192.0.2.1 dst=192.0.2.2 type=8 code=0 id=70000')?.original).to.not.have.property(
      'type',
    );
    expect(parse('gre      47 9 src=192.0.2.1 dst=192.0.2.2 srckey=1 dstkey=2')?.extra).to.have.length(2);
  });

  for (const [why, line] of [
    ['nothing', ''],
    ['no number of the protocol', 'tcp src=192.0.2.1 dst=192.0.2.2'],
    ['a protocol number beyond 255', 'tcp      256 src=192.0.2.1 dst=192.0.2.2'],
    ['a protocol name in capitals', 'TCP      6 src=192.0.2.1 dst=192.0.2.2'],
    ['no original tuple', 'tcp      6 431992 ESTABLISHED'],
    ['no destination', 'tcp      6 431992 ESTABLISHED src=192.0.2.1'],
    ['a state in small letters', 'tcp      6 431992 Established src=192.0.2.1 dst=192.0.2.2'],
    ['two timeouts', 'tcp      6 1 2 src=192.0.2.1 dst=192.0.2.2'],
    ['an address that is none', 'tcp      6 1 NONE src=192.0.2.256 dst=192.0.2.2'],
    ['addresses of two families', 'tcp      6 1 NONE src=192.0.2.1 dst=::1'],
    ['addresses of another family than printed', 'ipv6     10 tcp      6 1 NONE src=192.0.2.1 dst=192.0.2.2'],
    ['an event', '    [NEW] tcp      6 1 NONE src=192.0.2.1 dst=192.0.2.2'],
  ] as const) {
    it(`is no flow with ${why}`, () => {
      expect(parse(line)).to.equal(undefined);
    });
  }

  it('takes a reply of another family for words it does not know', () => {
    const flow = parse('udp      17 9 src=192.0.2.1 dst=192.0.2.2 src=::1 dst=::2');
    expect(flow).to.not.have.property('reply');
    expect(flow?.extra).to.deep.equal(['src=::1', 'dst=::2']);
  });
});
