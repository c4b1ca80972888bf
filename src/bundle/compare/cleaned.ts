import { Failure } from '../../model/failure.js';
import type { InterfaceAddress } from '../../model/ip-address.js';
import { parseIpAddresses } from '../../parsers/ip-addresses.js';
import type { NodeContents } from '../contents/node-contents.js';
import { isCleaned } from './matching.js';

/**
 * Why addresses and names of a node can't be compared, as a sentence: they were replaced in one of the bundles, or under two
 * keys. The key is in no bundle, but what it makes of one host name and of its addresses tells two keys apart.
 *
 * @throws what is no Failure, and INTERRUPTED
 */
export async function incomparable(a: NodeContents, b: NodeContents): Promise<string | undefined> {
  const [first, second] = [isCleaned(a.bundle.manifest), isCleaned(b.bundle.manifest)];
  if (!first && !second) return undefined;
  if (first !== second) {
    return `Addresses and names were replaced in ${first ? 'A' : 'B'} and not in ${first ? 'B' : 'A'}: what has them was not compared.`;
  }
  if (a.node.host !== b.node.host || (await shareNoAddress(a, b))) {
    return 'Addresses and names were replaced under another key in each bundle, or these are two hosts: what has them was not compared. --key-file keeps the key.';
  }
  return undefined;
}

async function shareNoAddress(a: NodeContents, b: NodeContents): Promise<boolean> {
  const [first, second] = [await ownAddresses(a), await ownAddresses(b)];
  return first.size > 0 && second.size > 0 && [...first].every((address) => !second.has(address));
}

/** Loopback and link-local addresses stay what they are, or tell little. */
async function ownAddresses(contents: NodeContents): Promise<ReadonlySet<string>> {
  const found = await contents.text('network/addresses.json', 'utf8');
  const own = addressesIn(found?.text ?? '[]').filter(({ scope }) => scope === 'global');
  return new Set(own.map(({ address }) => address));
}

function addressesIn(text: string): InterfaceAddress[] {
  try {
    return parseIpAddresses(text).addresses;
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}
