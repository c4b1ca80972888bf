import type { InterfaceAddress } from '../model/ip-address.js';
import { Failure } from '../model/failure.js';

/**
 * Reads what `ip -j addr` prints: the addresses of the host in the order of the interfaces. Interfaces without an address,
 * and addresses of other families than IPv4 and IPv6, have no entry.
 *
 * @throws Failure `BAD_ANSWER` where the text is no such JSON
 */
export function parseIpAddresses(text: string): InterfaceAddress[] {
  const links = parseJson(text);
  if (!Array.isArray(links)) throw badAnswer('a list of interfaces is expected');
  return links.flatMap((link: unknown) => addressesOf(link));
}

/**
 * The names of all interfaces in what `ip -j addr` prints, with or without an address.
 *
 * @throws Failure `BAD_ANSWER` as {@link parseIpAddresses}
 */
export function parseInterfaceNames(text: string): string[] {
  const links = parseJson(text);
  if (!Array.isArray(links)) throw badAnswer('a list of interfaces is expected');
  return links.flatMap((link: unknown) =>
    isRecord(link) && typeof link['ifname'] === 'string' ? [link['ifname']] : [],
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badAnswer('it is no JSON', cause);
  }
}

function addressesOf(link: unknown): InterfaceAddress[] {
  if (!isRecord(link)) throw badAnswer('an interface is expected');
  // ip prints {} for what a filter leaves out.
  if (Object.keys(link).length === 0) return [];
  const { ifname, addr_info: addresses = [] } = link;
  if (typeof ifname !== 'string') throw badAnswer('an interface has no name');
  if (!Array.isArray(addresses)) throw badAnswer(`the addresses of ${ifname} are no list`);
  return addresses.flatMap((each: unknown) => addressOf(ifname, each));
}

const FAMILIES: Record<string, InterfaceAddress['family']> = { inet: 'ipv4', inet6: 'ipv6' };

function addressOf(interfaceName: string, entry: unknown): InterfaceAddress[] {
  if (!isRecord(entry)) throw badAnswer(`an address of ${interfaceName} can't be read`);
  const { family: name, local, prefixlen, scope } = entry;
  const family = typeof name === 'string' && Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  if (family === undefined) return [];
  if (typeof local !== 'string' || !isPrefixLength(prefixlen) || typeof scope !== 'string') {
    throw badAnswer(`an address of ${interfaceName} can't be read`);
  }
  return [{ interface: interfaceName, family, address: local, prefix_length: prefixlen, scope }];
}

function isPrefixLength(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 128;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badAnswer(what: string, cause?: unknown): Failure {
  return new Failure('BAD_ANSWER', `The answer of \`ip -j addr\` can't be understood: ${what}.`, {
    next: 'Run `ip -j addr` by hand; ctsync needs an iproute2 that prints JSON (4.14 or newer).',
    cause,
  });
}
