import type { ConfigurationFinding } from '../../model/configuration.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { spelled } from '../render/links.js';
import { asCommand } from '../statements/print.js';
import type { VerifySurroundings } from './material.js';
import { isWithin } from './networks.js';

/** What of `listen-address` and `mcast-group` has no effect, or the wrong one. */
export function listenFindings(configuration: SyncConfiguration, around: VerifySurroundings): ConfigurationFinding[] {
  const links = configuration.interface ?? [];
  const unicast = links.filter(({ peer }) => peer !== undefined).map(({ name }) => name);
  const listening = (configuration.listen_address ?? []).flatMap((address): ConfigurationFinding[] => {
    const statement = `listen-address '${address}'`;
    const owner = around.addresses.find((each) => spelled(each.address) === address);
    if (owner === undefined) {
      return [{ severity: 'error', message: `${address} is no address of this node.`, statement }];
    }
    if (links.length === 0) return [];
    if (unicast.length === 0) {
      return [{ severity: 'warning', message: 'listen-address has no effect on multicast links.', statement }];
    }
    if (unicast.includes(owner.interface)) return [];
    const message = `${address} is on ${owner.interface}, which is no dedicated link, and not on ${unicast.join(' or ')}.`;
    return [{ severity: 'error', message, statement }];
  });
  const { mcast_group: group } = configuration;
  if (group === undefined || unicast.length === 0) return listening;
  const message = 'mcast-group has no effect on unicast links.';
  return [...listening, { severity: 'warning', message, statement: `mcast-group '${group}'` }];
}

/**
 * Whether what the node says for itself is left out. Virtual addresses are apart: where flows are translated to one, those would be
 * left out with it.
 */
export function ignoreFindings(configuration: SyncConfiguration, around: VerifySurroundings): ConfigurationFinding[] {
  if (isPassed(configuration)) return [];
  const ignored = configuration.ignore_address ?? [];
  const lacking = (addresses: readonly string[]) =>
    [...new Set(addresses.map(spelled))].filter((address) => !ignored.some((network) => isWithin(address, network)));
  const virtual = (around.keepalived?.vrrp_instances ?? [])
    .flatMap(({ virtual_addresses: some, excluded_addresses: others }) => [...some, ...others])
    .map(({ address }) => spelled(address));
  const own = around.addresses
    .filter(({ scope }) => scope !== 'link')
    .map(({ address }) => spelled(address))
    .filter((address) => !virtual.includes(address));
  const peers = (configuration.interface ?? []).flatMap(({ peer }) => peer ?? []);
  return [
    ...notIgnored(lacking([...own, ...peers]), 'its own flows are synchronised, and come back stale after a failover'),
    ...notIgnored(
      lacking(virtual),
      'virtual ones; ignore them only where no flow is translated to them, since those would be left out with them',
    ),
  ];
}

function notIgnored(addresses: readonly string[], why: string): ConfigurationFinding[] {
  if (addresses.length === 0) return [];
  const message = `ignore-address lacks ${addresses.length} addresses of this node: ${why}.`;
  const lines = addresses.map((address) => asCommand('set', `ignore-address '${address}'`));
  return [
    { severity: 'warning', message: addresses.length === 1 ? message.replace('addresses', 'address') : message, lines },
  ];
}

/** Whether the list is not ours. */
function isPassed({
  pass_through_filter: filter = [],
  pass_through_general: general = [],
}: SyncConfiguration): boolean {
  return filter.some((text) => text.startsWith('Address')) || general.some((text) => text.startsWith('Filter'));
}
