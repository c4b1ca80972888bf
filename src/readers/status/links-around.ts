import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import { Failure } from '../../model/failure.js';
import type { DedicatedLink } from '../../model/link.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { parseIpAddresses } from '../../parsers/ip-addresses.js';
import { namedLinks, withDevices } from './links.js';
import type { Material, StatusMaterial } from './material.js';

/** What else is known of the node, and makes the daemon's pages understood. */
export type Surroundings = Pick<StatusMaterial, 'daemonConfig' | 'addresses'>;

/** The dedicated links by their names, as far as the surroundings can be read; see {@link namedLinks}. */
export function linksAround(links: readonly DedicatedLink[], around: Surroundings): DedicatedLink[] {
  const conf = configurationOf(around);
  const own = understood(around.addresses, parseIpAddresses);
  return namedLinks(links, conf && withDevices(conf, own?.altnames), own?.interfaces);
}

/** conntrackd's configuration; undefined where it can't be read. */
export function configurationOf({ daemonConfig }: Surroundings): ConntrackdConf | undefined {
  return understood(daemonConfig, parseConntrackdConf);
}

/** What can't be read here is said elsewhere: the page stands without it. */
function understood<T>(material: Material, parse: (text: string, file: string) => T): T | undefined {
  if ('missing' in material) return undefined;
  try {
    return parse(material.text, material.file);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
