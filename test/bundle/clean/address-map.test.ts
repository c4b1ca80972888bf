import { expect } from 'chai';
import fc from 'fast-check';
import { AddressMap } from '../../../src/bundle/clean/address-map.js';
import { printIpv4, printIpv6, readIpv4 } from '../../../src/bundle/clean/address-text.js';
import { HardwareAddresses } from '../../../src/bundle/clean/hardware-addresses.js';
import { KeyedNames } from '../../../src/bundle/clean/keyed-names.js';
import { EMBEDDING, IPV4_RANGES, IPV6_RANGES, liesIn } from '../../../src/bundle/clean/well-known-ranges.js';
import { addressBytes } from '../../../src/model/address-bytes.js';

function mapWith(key: Buffer): AddressMap {
  return new AddressMap(key, new HardwareAddresses(new KeyedNames(key)));
}

const KEY = Buffer.from('an address map of the tests, 32b');
const map = mapWith(KEY);

function ipv4(text: string): string {
  return printIpv4(map.ipv4(readIpv4(text)!));
}

function bytesOf(text: string): Buffer {
  return Buffer.from(addressBytes('ipv6', text).subarray(1));
}

function ipv6(text: string): string {
  return printIpv6(map.ipv6(bytesOf(text)), false);
}

function mapped(address: Buffer): Buffer {
  return address.length === 4 ? bytes4(map.ipv4(address.readUInt32BE())) : map.ipv6(address);
}

function bytes4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sharedBits(a: Buffer, b: Buffer): number {
  const bits = (bytes: Buffer): string => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const [left, right] = [bits(a), bits(b)];
  const at = [...left].findIndex((bit, i) => bit !== right[i]);
  return at < 0 ? left.length : at;
}

/** Addresses anywhere, and beside and within the well-known ranges. */
function addresses(length: 4 | 16): fc.Arbitrary<Buffer> {
  const anywhere = fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes));
  const ranges = length === 4 ? IPV4_RANGES : IPV6_RANGES;
  const near = fc.tuple(fc.constantFrom(...ranges), anywhere, fc.nat(length * 8)).map(([{ first }, other, shared]) => {
    return Buffer.from(first.map((byte, i) => merged(byte, other[i]!, shared - 8 * i)));
  });
  return fc.oneof(anywhere, near);
}

/** The first bits of one byte and the rest of another. */
function merged(first: number, rest: number, bits: number): number {
  const mask = 0xff >> Math.min(Math.max(bits, 0), 8);
  return (first & ~mask) | (rest & mask);
}

/** An address, and another that shares some of its first bits. */
function pairs(length: 4 | 16): fc.Arbitrary<[Buffer, Buffer]> {
  return fc.oneof(
    fc.tuple(addresses(length), addresses(length)),
    fc.tuple(addresses(length), addresses(length), fc.nat(length * 8)).map(([a, b, shared]): [Buffer, Buffer] => {
      return [a, Buffer.from(a.map((byte, i) => merged(byte, b[i]!, shared - 8 * i)))];
    }),
  );
}

/** Link-local addresses and groups that are made of a MAC or of another address are mapped by that. */
function hasOwnWay(address: Buffer): boolean {
  return /^(?:fe80000000000000.{6}fffe|ff0200000000000000000001ff)/.test(address.toString('hex'));
}

describe('the map of addresses', () => {
  for (const [family, length, ranges] of [
    ['IPv4', 4, IPV4_RANGES],
    ['IPv6', 16, IPV6_RANGES],
  ] as const) {
    it(`keeps for ${family} how many bits two addresses share`, () => {
      fc.assert(
        fc.property(pairs(length), ([a, b]) => {
          fc.pre(!hasOwnWay(a) && !hasOwnWay(b));
          expect(sharedBits(mapped(a), mapped(b))).to.equal(sharedBits(a, b));
        }),
        { numRuns: 5000 },
      );
    });

    it(`keeps for ${family} the well-known ranges to themselves, and nothing else maps into them`, () => {
      fc.assert(
        fc.property(addresses(length), (address) => {
          const to = mapped(address);
          for (const range of ranges) {
            expect(liesIn(to, range)).to.equal(liesIn(address, range));
            if (range.kept && liesIn(address, range) && !hasOwnWay(address)) expect(to.equals(address)).to.equal(true);
          }
        }),
        { numRuns: 3000 },
      );
    });
  }

  it('maps a whole network one to one', () => {
    const all = Array.from({ length: 65536 }, (_, i) => map.ipv4(0x0a010000 + i));
    expect(new Set(all).size).to.equal(65536);
    expect(new Set(all.map((address) => address >>> 16)).size).to.equal(1);
  });

  it('gives the same under the same key, and other addresses under another', () => {
    const other = mapWith(Buffer.alloc(32, 1));
    fc.assert(
      fc.property(addresses(4), (address) => {
        const value = address.readUInt32BE();
        expect(mapWith(KEY).ipv4(value)).to.equal(map.ipv4(value));
      }),
      { numRuns: 20 },
    );
    const same = Array.from({ length: 256 }, (_, i) => 0x5b000000 + i * 7919).filter(
      (value) => other.ipv4(value) === map.ipv4(value),
    );
    expect(same).to.have.length.below(5);
  });

  it('keeps what names no host', () => {
    for (const kept of [
      ...['0.0.0.0', '0.0.0.255', '127.0.0.1', '169.254.1.2', '224.0.0.18', '225.0.0.50', '255.255.255.255'],
      ...[
        '255.255.255.0',
        '255.255.254.0',
        '255.0.0.0',
        '192.0.0.0',
        '240.0.0.0',
        '248.0.0.0',
        '252.0.0.0',
        '254.0.0.0',
      ],
    ]) {
      expect(ipv4(kept)).to.equal(kept);
    }
    for (const kept of ['::', '::1', 'fe80::1', 'ff02::12', 'ff15::ffff', 'ffff:ffff::', '::ffff:7f00:1']) {
      expect(ipv6(kept)).to.equal(kept);
    }
  });

  it('keeps a range recognisable and hides the address in it', () => {
    for (const [address, range] of [
      ...[
        ['10.35.100.87', /^10\./],
        ['172.31.20.12', /^172\.(?:1[6-9]|2\d|3[01])\./],
        ['192.168.7.8', /^192\.168\./],
      ],
      ...[
        ['100.64.1.1', /^100\./],
        ['198.18.5.6', /^198\.1[89]\./],
        ['203.0.113.9', /^203\.0\.113\./],
      ],
    ] as [string, RegExp][]) {
      expect(ipv4(address)).to.match(range).and.not.equal(address);
    }
    expect(ipv6('2001:db8:1:2::3'))
      .to.match(/^2001:db8:/)
      .and.not.equal('2001:db8:1:2::3');
    expect(ipv6('fd35:100::1')).to.match(/^fd/).and.not.equal('fd35:100::1');
    expect(ipv6('2a02:1234::1'))
      .to.match(/^[23]/)
      .and.not.match(/^2a02:1234:/);
  });

  it('maps an IPv4 address in an IPv6 address as it maps it alone', () => {
    for (const prefix of ['::ffff:', '64:ff9b::', '::']) {
      const to = map.ipv6(bytesOf(`${prefix}10.35.100.87`));
      expect(printIpv4(to.readUInt32BE(12))).to.equal(ipv4('10.35.100.87'));
    }
    expect(EMBEDDING).to.have.length(3);
  });

  it('gives a link-local address the mapped MAC where it was made of a MAC', () => {
    const hardware = new HardwareAddresses(new KeyedNames(KEY));
    const mac = hardware.map(Buffer.from('525400123456', 'hex'));
    const to = map.ipv6(bytesOf('fe80::5054:ff:fe12:3456')).toString('hex');
    expect(to).to.equal(`fe80000000000000${eui64(mac)}`);
    expect(ipv6('fe80::200:5eff:fe00:133')).to.equal('fe80::200:5eff:fe00:133');
    expect(ipv6('ff02::1:ff12:3456'))
      .to.match(/^ff02::1:ff/)
      .and.not.equal('ff02::1:ff12:3456');
  });
});

function eui64(mac: Buffer): string {
  const id = Buffer.concat([mac.subarray(0, 3), Buffer.from('fffe', 'hex'), mac.subarray(3)]);
  id[0]! ^= 2;
  return id.toString('hex');
}
