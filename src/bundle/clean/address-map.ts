import { CryptoPan } from './crypto-pan.js';
import type { HardwareAddresses } from './hardware-addresses.js';
import { EMBEDDING, IPV4_RANGES, IPV6_RANGES, fixedBits, liesIn } from './well-known-ranges.js';

const IPV4_BITS = 32;
/** How many IPv4 addresses are remembered, each at the place of its hash. */
const REMEMBERED_BITS = 17;
/** 2^32 by the golden ratio (Knuth): it spreads addresses that differ little. */
const HASH_FACTOR = 0x9e3779b1;
const EMBEDDED_AT = 12;
const LINK_LOCAL = 'fe80000000000000';
const SOLICITED_NODE = 'ff0200000000000000000001ff';

/**
 * Addresses under a key: prefix-preserving, one to one, and the well-known ranges stay what they are. Where two nodes use the
 * same key they give the same.
 */
export class AddressMap {
  private readonly cryptoPan: CryptoPan;
  private readonly hardware: HardwareAddresses;
  private readonly bytes = Buffer.alloc(IPV4_BITS / 8);
  /** 0.0.0.0, with which both begin, is kept: it maps to itself. */
  private readonly rememberedIpv4 = new Uint32Array(1 << REMEMBERED_BITS);
  private readonly mappedIpv4 = new Uint32Array(1 << REMEMBERED_BITS);

  constructor(key: Uint8Array, hardware: HardwareAddresses) {
    this.cryptoPan = new CryptoPan(key);
    this.hardware = hardware;
  }

  /** Another IPv4 address for one, both as unsigned numbers. */
  ipv4(address: number): number {
    const place = Math.imul(address, HASH_FACTOR) >>> (32 - REMEMBERED_BITS);
    if (this.rememberedIpv4[place] !== address) {
      this.mappedIpv4[place] = this.newIpv4(address);
      this.rememberedIpv4[place] = address;
    }
    return this.mappedIpv4[place]!;
  }

  /** Another IPv6 address for one, both as sixteen bytes. An IPv4 address in it is mapped as one. */
  ipv6(address: Buffer): Buffer {
    if (EMBEDDING.some((range) => liesIn(address, range))) return this.embedded(address);
    const own = this.withoutHardware(address);
    if (own !== undefined) return own;
    const fixed = fixedBits(address, IPV6_RANGES);
    const flips = this.cryptoPan.ipv6Flips(address);
    return Buffer.from(address.map((byte, i) => byte ^ (flips[i]! & freeBits(fixed - 8 * i))));
  }

  private newIpv4(address: number): number {
    this.bytes.writeUInt32BE(address);
    const fixed = fixedBits(this.bytes, IPV4_RANGES);
    if (fixed >= IPV4_BITS) return address;
    return (address ^ (this.cryptoPan.ipv4Flips(address) & (0xffffffff >>> fixed))) >>> 0;
  }

  private embedded(address: Buffer): Buffer {
    const mapped = Buffer.from(address);
    mapped.writeUInt32BE(this.ipv4(address.readUInt32BE(EMBEDDED_AT)), EMBEDDED_AT);
    return mapped;
  }

  /** A link-local address or a group that has a part of a host's MAC or address in it. */
  private withoutHardware(address: Buffer): Buffer | undefined {
    const hex = address.toString('hex');
    if (hex.startsWith(SOLICITED_NODE)) {
      return Buffer.concat([address.subarray(0, 13), this.hardware.mapNodeBits(address.subarray(13))]);
    }
    const id = hex.startsWith(LINK_LOCAL) ? this.hardware.mapInterfaceId(address.subarray(8)) : undefined;
    return id && Buffer.concat([address.subarray(0, 8), id]);
  }
}

/** The bits of a byte that may change, where the first of them are fixed. */
function freeBits(fixed: number): number {
  return fixed >= 8 ? 0 : 0xff >> Math.max(fixed, 0);
}
