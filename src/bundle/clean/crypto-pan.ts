import type { Cipher } from 'node:crypto';
import { createCipheriv } from 'node:crypto';

/** 16 bytes for the cipher and 16 for the pad. */
export const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const IPV4_HALF = 16;
const IPV6_HALF = 64;
/** Networks whose upper halves are remembered; a flow table has far fewer. */
const MOST_IPV6_NETWORKS = 4096;

/**
 * Crypto-PAn (J. Xu, J. Fan, M. Ammar, S. Moon: Prefix-Preserving IP Address Anonymization, ICNP 2002), as published, for
 * IPv4 and IPv6: each bit is flipped or not by what AES-128 says of the bits before it. Two addresses that share their first
 * n bits, and no more, do so afterwards as well; without the key nothing else is known of them.
 *
 * What it gives are the flips: bits that are set where the address changes.
 */
export class CryptoPan {
  private readonly cipher: Cipher;
  private readonly pad: Buffer;
  /** Flips of the upper half of each IPv4 address, by that half; one more than their value, 0 where they are not known yet. */
  private readonly ipv4Upper = new Uint32Array(1 << IPV4_HALF);
  private readonly ipv6Upper = new Map<string, Buffer>();
  private readonly bits = Buffer.alloc(BLOCK_BYTES);

  /** @param key {@link KEY_BYTES} bytes */
  constructor(key: Uint8Array) {
    if (key.length !== KEY_BYTES) throw new RangeError(`a key of ${KEY_BYTES} bytes is expected, not of ${key.length}`);
    this.cipher = createCipheriv('aes-128-ecb', key.subarray(0, BLOCK_BYTES), null).setAutoPadding(false);
    this.pad = this.cipher.update(key.subarray(BLOCK_BYTES));
  }

  /** The flips of an IPv4 address, both as unsigned numbers of 32 bits. */
  ipv4Flips(address: number): number {
    this.bits.writeUInt32BE(address);
    const lower = this.flips(this.bits, IPV4_HALF, 2 * IPV4_HALF).readUInt16BE();
    return ((this.ipv4UpperFlips(address >>> IPV4_HALF) << IPV4_HALF) | lower) >>> 0;
  }

  /** The flips of the sixteen bytes of an IPv6 address, as sixteen bytes. */
  ipv6Flips(address: Buffer): Buffer {
    return Buffer.concat([this.ipv6UpperFlips(address), this.flips(address, IPV6_HALF, 2 * IPV6_HALF)]);
  }

  private ipv4UpperFlips(upper: number): number {
    const known = this.ipv4Upper[upper]!;
    if (known > 0) return known - 1;
    const flips = this.flips(this.bits, 0, IPV4_HALF).readUInt16BE();
    this.ipv4Upper[upper] = flips + 1;
    return flips;
  }

  private ipv6UpperFlips(address: Buffer): Buffer {
    const network = address.toString('latin1', 0, IPV6_HALF / 8);
    const known = this.ipv6Upper.get(network);
    if (known !== undefined) return known;
    const flips = this.flips(address, 0, IPV6_HALF);
    if (this.ipv6Upper.size >= MOST_IPV6_NETWORKS) this.ipv6Upper.clear();
    this.ipv6Upper.set(network, flips);
    return flips;
  }

  /**
   * The flips of the bits `from` to before `to`. All their blocks go through the cipher at once: a call costs far more than
   * a block.
   */
  private flips(address: Buffer, from: number, to: number): Buffer {
    const blocks = Buffer.allocUnsafe((to - from) * BLOCK_BYTES);
    for (let bit = from; bit < to; bit++) this.writeBlock(blocks, (bit - from) * BLOCK_BYTES, address, bit);
    const encrypted = this.cipher.update(blocks);
    const flips = Buffer.alloc((to - from) / 8);
    for (let i = 0; i < to - from; i++) flips[i >> 3]! |= (encrypted[i * BLOCK_BYTES]! & 0x80) >> (i & 7);
    return flips;
  }

  /** The first bits of the address, and the pad behind them. */
  private writeBlock(blocks: Buffer, at: number, address: Buffer, bits: number): void {
    this.pad.copy(blocks, at);
    const whole = bits >> 3;
    for (let i = 0; i < whole; i++) blocks[at + i] = address[i]!;
    const padMask = 0xff >> (bits & 7);
    if (whole < BLOCK_BYTES) blocks[at + whole] = (address[whole]! & ~padMask) | (this.pad[whole]! & padMask);
  }
}
