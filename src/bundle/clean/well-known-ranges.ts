import { addressBytes } from '../../model/address-bytes.js';
import type { Family } from '../../model/flow.js';

/** Addresses that stay among themselves. */
export interface Range {
  /** Bytes of the first address. */
  first: Buffer;
  /** Bits that all its addresses share. */
  length: number;
  /** Each address stays what it is. */
  kept: boolean;
}

/**
 * Ranges that tell what an address is for, whoever uses them (RFC 6890, RFC 5737, RFC 5771). What is kept names no host, or
 * means something by itself: loopback, link-local, multicast, and the netmasks that are written like addresses.
 */
const IPV4 = {
  kept: ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.0.0.0/8'],
  netmasks: ['192.0.0.0/32', '240.0.0.0/32', '248.0.0.0/32', '252.0.0.0/32', '254.0.0.0/32'],
  mapped: ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15', '240.0.0.0/4'],
  documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
};

/** The same for IPv6 (RFC 4291, RFC 4193, RFC 3849). Addresses with an IPv4 address in them are in {@link EMBEDDING}. */
const IPV6 = {
  kept: ['fe80::/10', 'ff00::/8'],
  mapped: ['2000::/3', 'fc00::/7', 'fd00::/8'],
  documentation: ['2001:db8::/32'],
};

/**
 * Networks of IPv6 whose last 32 bits are an IPv4 address, which is then the same as where it stands alone: `::ffff:10.0.0.1`,
 * NAT64, and the old `::10.0.0.1`. In the last are also `::` and `::1`, which are kept as 0.0.0.0 and 0.0.0.1 are.
 */
const EMBEDDED_IN = ['::/96', '::ffff:0.0.0.0/96', '64:ff9b::/96'];

export const IPV4_RANGES: readonly Range[] = [
  ...ranges('ipv4', true, [...IPV4.kept, ...IPV4.netmasks]),
  ...ranges('ipv4', false, [...IPV4.mapped, ...IPV4.documentation]),
];
export const EMBEDDING: readonly Range[] = ranges('ipv6', false, EMBEDDED_IN);
export const IPV6_RANGES: readonly Range[] = [
  ...ranges('ipv6', true, IPV6.kept),
  ...ranges('ipv6', false, [...IPV6.mapped, ...IPV6.documentation]),
  ...EMBEDDING,
];

function ranges(family: Family, kept: boolean, networks: string[]): Range[] {
  return networks.map((network) => {
    const [address = '', length] = network.split('/');
    return { first: Buffer.from(addressBytes(family, address).subarray(1)), length: Number(length), kept };
  });
}

/** Whether an address, as bytes, lies in a range. */
export function liesIn(address: Buffer, range: Range): boolean {
  return sharedBits(address, range.first) >= range.length;
}

/**
 * How many of the first bits of an address must not be flipped, so that each range maps onto itself and nothing else maps
 * into it: all that lead to a range, and the one at which the address leaves the way there.
 */
export function fixedBits(address: Buffer, wellKnown: readonly Range[]): number {
  let fixed = 0;
  for (const range of wellKnown) fixed = Math.max(fixed, fixedBy(address, range));
  return fixed;
}

function fixedBy(address: Buffer, { first, length, kept }: Range): number {
  const shared = sharedBits(address, first);
  if (shared < length) return shared + 1;
  return kept ? address.length * 8 : length;
}

function sharedBits(a: Buffer, b: Buffer): number {
  for (let i = 0; i < a.length; i++) {
    const differing = a[i]! ^ b[i]!;
    if (differing !== 0) return 8 * i + Math.clz32(differing) - 24;
  }
  return a.length * 8;
}
