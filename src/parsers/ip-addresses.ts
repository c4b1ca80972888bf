import type { InterfaceAddress } from '../model/ip-address.js';
import { Failure } from '../model/failure.js';

/** What `ip -j addr` tells of a host. */
export interface HostAddresses {
  /** Names of all interfaces, with or without an address. */
  interfaces: string[];
  /** The name of an interface by each of its other names (`ip link property add … altname`). */
  altnames: ReadonlyMap<string, string>;
  /** In the order of the interfaces; of other families than IPv4 and IPv6 there are none. */
  addresses: InterfaceAddress[];
}

/**
 * Reads what `ip -j addr` prints.
 *
 * @throws Failure `BAD_ANSWER` where the text is no such JSON
 */
export function parseIpAddresses(text: string): HostAddresses {
  const links = parseJson(text);
  if (!Array.isArray(links)) throw badAnswer('a list of interfaces is expected');
  const altnames = new Map<string, string>();
  const host: HostAddresses = { interfaces: [], altnames, addresses: [] };
  for (const link of links as unknown[]) addInterface(host, altnames, link);
  return host;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badAnswer('it is no JSON', cause);
  }
}

function addInterface(host: HostAddresses, others: Map<string, string>, link: unknown): void {
  if (!isRecord(link)) throw badAnswer('an interface is expected');
  // ip prints {} for what a filter leaves out.
  if (Object.keys(link).length === 0) return;
  const { ifname, altnames = [], addr_info: addresses = [] } = link;
  if (typeof ifname !== 'string') throw badAnswer('an interface has no name');
  if (!Array.isArray(addresses)) throw badAnswer(`the addresses of ${ifname} are no list`);
  if (!isNames(altnames)) throw badAnswer(`the other names of ${ifname} are no list of names`);
  host.interfaces.push(ifname);
  for (const altname of altnames) others.set(altname, ifname);
  host.addresses.push(...addresses.flatMap((each: unknown) => addressOf(ifname, each)));
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

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
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
