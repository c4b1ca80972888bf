import type { KeyedNames } from './keyed-names.js';

const MAC_BYTES = 6;
const GROUP_BIT = 0x01;
const LOCAL_BIT = 0x02;
/** What a mapped address begins with: both are locally administered, so that no vendor is blamed for one. */
const WAS_LOCAL = 0x02;
const WAS_VENDORS = 0x06;
/** MACs of VRRP routers (RFC 9568): only their last byte, the virtual router id, differs. */
const VRRP = ['00005e0001', '00005e0002'];
const NOBODY = '000000000000';

/** MAC addresses of the same network under a key. */
export class HardwareAddresses {
  private readonly names: KeyedNames;

  constructor(names: KeyedNames) {
    this.names = names;
  }

  /**
   * Another MAC for a MAC. It begins with 02 where it was locally administered, and with 06 where a vendor gave it. Group
   * addresses, those of VRRP routers and 00:00:00:00:00:00 stay: they name no host. Longer addresses (InfiniBand, EUI-64) are
   * mapped as a whole.
   */
  map(address: Buffer): Buffer {
    const hex = address.toString('hex');
    if (hex === NOBODY || VRRP.some((prefix) => hex.startsWith(prefix))) return address;
    if (address.length === MAC_BYTES && (address[0]! & GROUP_BIT) !== 0) return this.mapGroup(address);
    const mapped = this.names.digest('mac', address).subarray(0, address.length);
    mapped[0] = (address[0]! & LOCAL_BIT) === 0 ? WAS_VENDORS : WAS_LOCAL;
    return mapped;
  }

  /** The last 24 bits of an address, as a solicited-node multicast address shows them (RFC 4291, 2.7.1). */
  mapNodeBits(bits: Buffer): Buffer {
    return this.names.digest('solicited node', bits).subarray(0, bits.length);
  }

  /** The interface id that a host makes of its MAC (EUI-64), made of the mapped MAC; undefined where it is none. */
  mapInterfaceId(id: Buffer): Buffer | undefined {
    if (id[3] !== 0xff || id[4] !== 0xfe) return undefined;
    const mac = Buffer.from([id[0]! ^ LOCAL_BIT, id[1]!, id[2]!, id[5]!, id[6]!, id[7]!]);
    const mapped = this.map(mac);
    return Buffer.from([
      mapped[0]! ^ LOCAL_BIT,
      mapped[1]!,
      mapped[2]!,
      0xff,
      0xfe,
      mapped[3]!,
      mapped[4]!,
      mapped[5]!,
    ]);
  }

  /** Multicast MACs stay, but for those of solicited nodes, which have bits of a host's address in them. */
  private mapGroup(address: Buffer): Buffer {
    if (!address.toString('hex').startsWith('3333ff')) return address;
    return Buffer.concat([address.subarray(0, 3), this.mapNodeBits(address.subarray(3))]);
  }
}
