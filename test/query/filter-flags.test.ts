import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { filterOf, type FilterFlags } from '../../src/query/filter-flags.js';
import { print } from '../../src/query/filter/print.js';

/** Flags, and the same as an expression. */
const FILTERS: readonly (readonly [flags: FilterFlags, expression: string])[] = [
  [{ family: 'ipv6' }, 'ip6'],
  [{ source: '10.0.0.1' }, 'src host 10.0.0.1'],
  [{ source: '10.0.0.1/8,192.0.2.1' }, 'src net 10.0.0.0/8,192.0.2.1/32'],
  [{ source: '10.0.0.1:80' }, 'src host 10.0.0.1 and src port 80'],
  [{ source: '10.0.0.0/8:80' }, 'src net 10.0.0.0/8 and src port 80'],
  [{ source: 'fd00::1:80' }, 'src host fd00::1:80'],
  [{ source: '[fd00::1]:80' }, 'src host fd00::1 and src port 80'],
  [{ source: '[fd00::/8]:80' }, 'src net fd00::/8 and src port 80'],
  [{ source: '[fd00::1]' }, 'src host fd00::1'],
  [{ destination: '10.0.0.1:80, 10.0.0.2' }, 'dst host 10.0.0.2 or (dst host 10.0.0.1 and dst port 80)'],
  [{ destination: '10.0.0.1', port: '22,8000-8100' }, 'dst host 10.0.0.1 and portrange 22,8000-8100'],
  [{ protocol: 'tcp,89' }, 'tcp,ospf'],
  [{ protocol: 'ipv4' }, 'proto ipv4'],
  [{ state: 'established,tw' }, 'state established,time_wait'],
  [{ mark: '0x10/0xf0' }, 'mark 0x10/0xf0'],
  [{ zone: '5' }, 'zone 5'],
  [{ nat: 'any' }, 'nat'],
  [{ nat: 'src' }, 'snat'],
  [{ nat: 'dst' }, 'dnat'],
  [{ assured: true, unreplied: true, offload: true }, 'assured and unreplied and offload'],
  [{ assured: false, id: '5,6' }, 'id 5,6'],
  [{ filter: 'tcp or udp', source: '10.0.0.1' }, 'src host 10.0.0.1 and (tcp or udp)'],
  [{ filter: 'tcp and port 80', assured: true }, 'assured and tcp and port 80'],
];

const MISTAKES: readonly (readonly [flags: FilterFlags, message: string])[] = [
  [{ source: '10.0.0.300' }, '--source: "10.0.0.300" is no IPv4 or IPv6 address or network.'],
  [{ destination: '' }, '--destination: "" lacks a value.'],
  [{ port: '80,' }, '--port: "80," lacks a value.'],
  [{ port: '70000' }, '--port: "70000" is no port.'],
  [{ protocol: 'tcpp' }, '--protocol: "tcpp" is no protocol that ctsync knows by name.'],
  [{ state: 'foo' }, '--state: "foo" is no state of TCP, SCTP or DCCP.'],
  [{ mark: '1/2/3' }, '--mark: "1/2/3" is no mark.'],
  [{ zone: '-1' }, '--zone: "-1" is no zone.'],
  [{ id: '1.5' }, '--id: "1.5" is no id.'],
  [
    { filter: 'tcp and hots 10.0.0.1' },
    '--filter at character 9: "hots" stands where a condition such as tcp, host 192.0.2.1 or bytes gt 10M is expected.',
  ],
  [{ protocol: 'udp', filter: 'state established' }, 'the filter: no flow can match: udp has no state established.'],
  [{ family: 'ipv4', source: 'fd00::1' }, 'the filter: no flow can match: "ip" is IPv4, "src host fd00::1" is IPv6.'],
];

describe('query/filter-flags', () => {
  for (const [flags, expression] of FILTERS) {
    it(`makes ${expression} of ${JSON.stringify(flags)}`, () => {
      expect(print(filterOf(flags)!)).to.equal(expression);
    });
  }

  it('makes no filter where nothing is asked for', () => {
    expect(filterOf({})).to.equal(undefined);
    expect(filterOf({ assured: false, source: undefined })).to.equal(undefined);
  });

  for (const [flags, message] of MISTAKES) {
    it(`names what is wrong with ${JSON.stringify(flags)}`, () => {
      expect(() => filterOf(flags))
        .to.throw(Failure, message)
        .with.property('code', 'USAGE');
    });
  }
});
