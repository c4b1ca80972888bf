import { expect } from 'chai';
import { parseUdpSockets } from '../../src/parsers/udp-sockets.js';

const HEAD =
  '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            ';
const IPV4 =
  ' 2345: 00000000:0EC4 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 20423 2 0000000000000000 17         ';
const LOOPBACK =
  '  533: 0100007F:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 20424 2 0000000000000000 0         ';
const IPV6 =
  '  533: B80D0120000000000000000001000000:0035 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000   101        0 20425 2 0000000000000000 4294967295';

describe('the UDP sockets of /proc', () => {
  it('have an address, a port and drops', () => {
    expect(parseUdpSockets([HEAD, IPV4, LOOPBACK, IPV6, ''].join('\n'))).to.deep.equal([
      { address: '0.0.0.0', port: 3780, drops: 17 },
      { address: '127.0.0.1', port: 53, drops: 0 },
      { address: '2001:db8:0:0:0:0:0:1', port: 53, drops: 4_294_967_295 },
    ]);
  });

  it('are none in a page that is cut or is something else', () => {
    expect(parseUdpSockets(IPV4.slice(0, 60))).to.deep.equal([]);
    expect(parseUdpSockets('')).to.deep.equal([]);
    expect(parseUdpSockets('proto=17 src=192.0.2.1')).to.deep.equal([]);
  });
});
