import ipaddr from 'ipaddr.js';
import type { InterfaceAddress } from '../../model/ip-address.js';
import type { KeepalivedConf, VrrpSyncGroup } from '../../model/keepalived-conf.js';
import type { GroupRole } from '../../model/sync-status.js';

/**
 * What this node does for each sync group, told by the virtual addresses that it holds: a file may say otherwise, and be
 * wrong. Groups without virtual addresses are left out, nothing can be told of them.
 */
export function rolesOf(
  groups: readonly VrrpSyncGroup[],
  conf: KeepalivedConf,
  own: readonly InterfaceAddress[],
): GroupRole[] {
  const owned = new Set(own.map(({ address }) => normal(address)));
  return groups.flatMap((group) => {
    const virtual = virtualAddresses(group, conf);
    if (virtual.length === 0) return [];
    const held = virtual.filter((address) => owned.has(normal(address)));
    const missing = virtual.filter((address) => !owned.has(normal(address)));
    const role = missing.length === 0 ? 'master' : held.length === 0 ? 'backup' : 'partial';
    return [{ sync_group: group.name, role, held, missing } satisfies GroupRole];
  });
}

function virtualAddresses(group: VrrpSyncGroup, conf: KeepalivedConf): string[] {
  const instances = conf.vrrp_instances.filter(({ name }) => group.members.includes(name));
  return instances.flatMap(({ virtual_addresses, excluded_addresses }) =>
    [...virtual_addresses, ...excluded_addresses].map(({ address }) => address),
  );
}

/** One spelling for each address: IPv6 has many. */
function normal(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toString() : address;
}
