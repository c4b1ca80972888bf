import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ADDRESS_BITS, type Endpoint, type Network } from './ast.js';
import { Mistake, quoted, type Word } from './mistake.js';
import { portOf } from './numbers.js';

const ADDRESS_HINT = 'Write it like 192.0.2.1 or 2001:db8::1.';

/**
 * `ADDRESS` or `ADDRESS/PREFIX` in any spelling; what is set behind the prefix is dropped, as `ip route` does.
 *
 * @throws Mistake
 */
export function networkOf({ text, at }: Word): Network {
  const [address = '', prefix, ...more] = text.split('/');
  const parsed = parsedAddress(address);
  if (parsed === undefined || more.length > 0) {
    throw new Mistake(`${quoted(text)} is no IPv4 or IPv6 address or network`, addressHint(text), at);
  }
  const family = parsed.kind();
  const bits = ADDRESS_BITS[family];
  if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)) {
    const name = family === 'ipv4' ? 'IPv4' : 'IPv6';
    throw new Mistake(
      `${quoted(text)} has no prefix length of an ${name} network`,
      `Write a number from 0 to ${bits} behind the slash.`,
      at,
    );
  }
  const length = prefix === undefined ? bits : Number(prefix);
  return { family, address: spelt(masked(parsed.toByteArray(), length)), prefix: length };
}

/**
 * A single address, which stands behind `host`.
 *
 * @throws Mistake
 */
export function hostOf(word: Word): Network {
  const network = networkOf(word);
  if (!word.text.includes('/')) return network;
  throw new Mistake(`${quoted(word.text)} is a network, not one address`, `Write "net ${word.text}".`, word.at);
}

/**
 * `NETWORK`, `NETWORK:PORT`, `[NETWORK]` or `[NETWORK]:PORT`, where a network is an address or `ADDRESS/PREFIX`; an IPv6
 * one with a port has to stand in brackets.
 *
 * @throws Mistake
 */
export function endpointOf({ text, at }: Word): Endpoint {
  const [, inside, behind = ''] = /^\[([^\]]*)\](.*)$/.exec(text) ?? [];
  const [, plain, plainPort] = /^([^:]*):([^:]*)$/.exec(text) ?? [];
  const host = { text: inside ?? plain ?? text, at: inside === undefined ? at : at + 1 };
  const network = networkOf(host);
  const port = inside === undefined ? plainPort : behind === '' ? undefined : behind.replace(/^:/, '');
  if (inside !== undefined && behind !== '' && !behind.startsWith(':')) {
    throw new Mistake(`${quoted(text)} goes on behind the bracket`, 'Write [ADDRESS]:PORT.', at);
  }
  if (port === undefined) return { network };
  return { network, port: portOf({ text: port, at: at + text.length - port.length }) };
}

/** The address in 16-bit groups, IPv4 in two of them. */
export function groupsOf({ address }: Network): number[] {
  const bytes = ipaddr.parse(address).toByteArray();
  return Array.from({ length: bytes.length / 2 }, (_, i) => (bytes[2 * i]! << 8) | bytes[2 * i + 1]!);
}

function parsedAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // ipaddr.js alone takes octal and hexadecimal parts, too, and short forms.
  if (isIPv4(text)) return ipaddr.IPv4.parse(text);
  // A scope (fe80::1%eth0) is not in a flow.
  if (isIPv6(text) && !text.includes('%')) return ipaddr.IPv6.parse(inHexadecimal(text));
  return undefined;
}

/** ipaddr.js takes `::192.0.2.1` for a mapped address, so it does not get to see the last 32 bits with dots. */
function inHexadecimal(ipv6: string): string {
  return ipv6.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.map(Number);
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  });
}

function masked(bytes: readonly number[], prefix: number): number[] {
  return bytes.map((byte, i) => {
    const kept = Math.min(Math.max(prefix - 8 * i, 0), 8);
    return byte & (0xff00 >> kept) & 0xff;
  });
}

function spelt(bytes: number[]): string {
  const address = ipaddr.fromByteArray(bytes);
  if (address.kind() === 'ipv4') return address.toString();
  const ipv6 = address as ipaddr.IPv6;
  return ipv6.isIPv4MappedAddress() ? `::ffff:${ipv6.toIPv4Address().toString()}` : ipv6.toRFC5952String();
}

function addressHint(text: string): string {
  if (text.includes('%')) return 'Leave the % and what follows out: a flow has no interface.';
  if (/[a-z]/i.test(text) && !text.includes(':')) return `${ADDRESS_HINT} Names are not looked up.`;
  if (/^\d+(?:\.\d+){0,2}(?:\/|$)/.test(text)) return 'Write all four parts of it, like 10.0.0.0/8.';
  return ADDRESS_HINT;
}
