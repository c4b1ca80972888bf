import type { CleaningCounts } from '../../model/cleaning.js';
import type { AddressMap } from './address-map.js';

/** `1: 0100007F:0EC4 00000000:0000 07`: a socket's two ends in /proc/net/udp, tcp and raw, and their IPv6 kin (proc(5)). */
const ENDS = /: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):(?=[0-9A-F]{4}\b)/gi;
/** `fe80…01 02 40 20 80 eth0`: an address in /proc/net/if_inet6, whose bytes stand in their order. */
const INTERFACE = /^[0-9a-f]{32}(?=(?: [0-9a-f]{2,3}){4} +\S)/gim;

/** Replaces the addresses that the kernel prints in hexadecimal. */
export class KernelPages {
  private readonly addresses: AddressMap;
  private readonly counts: CleaningCounts;

  constructor(addresses: AddressMap, counts: CleaningCounts) {
    this.addresses = addresses;
    this.counts = counts;
  }

  clean(text: string): string {
    return text
      .replace(ENDS, (_, local: string, port: string, remote: string) => {
        return `: ${this.wordsOfMachine(local)}:${port} ${this.wordsOfMachine(remote)}:`;
      })
      .replace(INTERFACE, (hex) => this.mapped(Buffer.from(hex, 'hex')).toString('hex'));
  }

  /** Each word of four bytes is a number of the machine, whose lowest byte is the first of the address. */
  private wordsOfMachine(hex: string): string {
    const mapped = this.mapped(Buffer.from(hex, 'hex').swap32());
    return Buffer.from(mapped).swap32().toString('hex').toUpperCase();
  }

  private mapped(address: Buffer): Buffer {
    const isIpv4 = address.length === 4;
    const mapped = isIpv4 ? ipv4Bytes(this.addresses.ipv4(address.readUInt32BE())) : this.addresses.ipv6(address);
    if (!mapped.equals(address)) this.counts[isIpv4 ? 'ipv4' : 'ipv6'] += 1;
    return mapped;
  }
}

function ipv4Bytes(address: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(address);
  return bytes;
}
