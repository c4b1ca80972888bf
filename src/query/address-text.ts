import ipaddr from 'ipaddr.js';

const IPV4_BYTES = 4;
const IPV4_IN_IPV6 = 12;

/** The bytes of an address as conntrack spells it, which is inet_ntop's way. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === IPV4_BYTES) return bytes.join('.');
  const address = new ipaddr.IPv6([...bytes]);
  const last = bytes.subarray(IPV4_IN_IPV6).join('.');
  if (address.isIPv4MappedAddress()) return `::ffff:${last}`;
  return isCompatible(bytes) ? `::${last}` : address.toRFC5952String();
}

/** Ninety-six zeros, and then an IPv4 address: more than the sixteen bits of `::1`. */
function isCompatible(bytes: Uint8Array): boolean {
  const isZero = (byte: number): boolean => byte === 0;
  return bytes.subarray(0, IPV4_IN_IPV6).every(isZero) && !bytes.subarray(IPV4_IN_IPV6, IPV4_IN_IPV6 + 2).every(isZero);
}
