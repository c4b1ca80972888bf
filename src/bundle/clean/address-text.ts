/** Every octet as text: to print it anew costs more than all else of an address. */
const OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet));
const ZERO = 0x30;
const NINE = 0x39;
const DOT = 0x2e;

/** An IPv4 address as four decimal numbers. */
export function printIpv4(address: number): string {
  const upper = `${OCTETS[address >>> 24]}.${OCTETS[(address >>> 16) & 0xff]}`;
  return `${upper}.${OCTETS[(address >>> 8) & 0xff]}.${OCTETS[address & 0xff]}`;
}

/**
 * The IPv4 address that stands between two places of a text of digits, dots and letters, allocating nothing; undefined where
 * it is not written as four numbers up to 255.
 */
export function ipv4At(text: string, start: number, end: number): number | undefined {
  let address = 0;
  let octet = 0;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const c = text.charCodeAt(at);
    if (c === DOT) {
      if (digits === 0) return undefined;
      address = address * 256 + octet;
      octet = 0;
      digits = 0;
    } else {
      octet = octet * 10 + c - ZERO;
      if (c < ZERO || c > NINE || ++digits > 3 || octet > 255) return undefined;
    }
  }
  return digits === 0 ? undefined : address * 256 + octet;
}

/** The number of four decimal numbers with dots between them; undefined where one of them is too large. */
export function readIpv4(text: string): number | undefined {
  let value = 0;
  for (const part of text.split('.')) {
    if (Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

/**
 * Sixteen bytes as the shortest text of an IPv6 address (RFC 5952).
 *
 * @param dotted writes the last 32 bits as an IPv4 address
 */
export function printIpv6(address: Buffer, dotted: boolean): string {
  const groups = Array.from({ length: dotted ? 6 : 8 }, (_, i) => address.readUInt16BE(2 * i));
  const last = dotted ? [printIpv4(address.readUInt32BE(12))] : [];
  const words = [...groups.map((group) => group.toString(16)), ...last];
  const [gap, length] = longestZeros(groups);
  if (length < 2) return words.join(':');
  return `${words.slice(0, gap).join(':')}::${words.slice(gap + length).join(':')}`;
}

/** Where the first of the longest runs of zero groups begins, and how long it is. */
function longestZeros(groups: number[]): [start: number, length: number] {
  let longest: [number, number] = [0, 0];
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > longest[1]) longest = [start, i + 1 - start];
  });
  return longest;
}

/** The length of the prefix that a netmask stands for; undefined where it is none. */
export function prefixOfNetmask(mask: number): number | undefined {
  const length = Math.clz32(~mask);
  return withoutHostBits(0xffffffff, length) === mask ? length : undefined;
}

/** An IPv4 address with all bits behind the prefix at 0. */
export function withoutHostBits(address: number, prefixLength: number): number {
  return prefixLength === 0 ? 0 : (address & (0xffffffff << (32 - prefixLength))) >>> 0;
}

/** The same for the bytes of an IPv6 address. */
export function withoutHostBytes(address: Buffer, prefixLength: number): Buffer {
  return Buffer.from(address.map((byte, i) => byte & (0xff00 >> Math.min(Math.max(prefixLength - 8 * i, 0), 8))));
}
