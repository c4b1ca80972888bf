import { expect } from 'chai';
import { parseServices } from '../../src/parsers/services.js';

describe('parsers/services', () => {
  it('names a port for each protocol, by the first line that does', () => {
    const services = parseServices(`
# Network services, Internet style
tcpmux\t\t1/tcp\t\t\t\t# TCP port service multiplexer
domain  53/tcp
domain 53/udp nameserver
www 80/tcp
http 80/TCP
nonsense
443/tcp https
odd 99999999999/tcp
`);
    expect(Object.fromEntries(services)).to.deep.equal({
      '1/tcp': 'tcpmux',
      '53/tcp': 'domain',
      '53/udp': 'domain',
      '80/tcp': 'www',
      '99999999999/tcp': 'odd',
    });
  });
});
