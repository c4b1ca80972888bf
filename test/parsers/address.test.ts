import { expect } from 'chai';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { addressFamily } from '../../src/parsers/address.js';

function familyOf(text: string): string | undefined {
  return addressFamily(Buffer.from(` ${text} `, 'latin1'), 1, 1 + Buffer.byteLength(text, 'latin1'));
}

describe('address', () => {
  for (const address of ['0.0.0.0', '255.255.255.255', '192.0.2.1']) {
    it(`${address} is IPv4`, () => expect(familyOf(address)).to.equal('ipv4'));
  }

  for (const address of [
    '::',
    '::1',
    '1::',
    'fe80::1',
    '2001:db8::1:0:0:1',
    '1:2:3:4:5:6:7:8',
    '::ffff:192.0.2.1',
    'ABCD::1',
    '1:2:3:4:5:6:7::',
  ]) {
    it(`${address} is IPv6`, () => expect(familyOf(address)).to.equal('ipv6'));
  }

  for (const text of [
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '1..2.3',
    '.1.2.3',
    '1.2.3.',
    '1.2.3.x',
    ':',
    ':::',
    '1:2',
    '1::2::3',
    '12345::',
    ':1::',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    'g::',
    '::1.2.3',
    '1:',
    '::1:',
    'fe80::1%eth0',
    '1.2:3',
    '1:2:3:4:5:6:7:1.2.3.4',
  ]) {
    it(`${JSON.stringify(text)} is none`, () => expect(familyOf(text)).to.equal(undefined));
  }

  it('knows every address that ipaddr.js prints', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => void expect(familyOf(address)).to.equal('ipv4')));
    fc.assert(fc.property(fc.ipV6(), (address) => void expect(familyOf(address)).to.equal('ipv6')));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(familyOf(ipaddr.fromByteArray([...bytes]).toString())).to.equal('ipv6');
      }),
    );
  });

  it('takes nothing that ipaddr.js calls invalid', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.'), maxLength: 45 });
    fc.assert(
      fc.property(text, (address) => {
        const family = familyOf(address);
        if (family === 'ipv4')
          expect(ipaddr.IPv4.isValidFourPartDecimal(address) || /(^|\.)0\d/.test(address)).to.equal(true);
        if (family === 'ipv6') expect(ipaddr.IPv6.isValid(address)).to.equal(true);
      }),
      { numRuns: 2000 },
    );
  });
});
