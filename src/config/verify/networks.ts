import ipaddr from 'ipaddr.js';

/** Whether an address is in a network, or is the same address. False for different families. */
export function isWithin(address: string, network: string): boolean {
  const one = ipaddr.parse(address);
  const [base = '', length] = network.split('/');
  const other = ipaddr.parse(base);
  const bits = length === undefined ? undefined : Number(length);
  if (one instanceof ipaddr.IPv4 && other instanceof ipaddr.IPv4) return one.match(other, bits ?? 32);
  return one instanceof ipaddr.IPv6 && other instanceof ipaddr.IPv6 && one.match(other, bits ?? 128);
}
