import type { InterfaceAddress } from '../model/ip-address.js';
import type { KeepalivedConf, VrrpSyncGroup } from '../model/keepalived-conf.js';
import type { GroupRole } from '../model/sync-status.js';
import type { NodeRole } from '../model/action.js';
import { Failure } from '../model/failure.js';
import { conntrackSyncGroups, parseKeepalivedConf } from '../parsers/keepalived-conf.js';
import { parseIpAddresses } from '../parsers/ip-addresses.js';
import type { SourceOptions } from '../sources/options.js';
import { hostMaterial } from './status/live.js';
import type { HostMaterial } from './status/material.js';
import { rolesOf } from './status/roles.js';

/** What a node is for the flows that conntrackd keeps, and for each sync group. */
export interface RoleReading {
  role: NodeRole;
  groups: GroupRole[];
  /** Why the role is not known, as half a sentence; only where it is not. */
  unknown?: string;
}

/**
 * What this node is, told by the virtual addresses that it holds: of the groups whose notify lines tell conntrackd of
 * transitions, else of all groups.
 */
export async function readNodeRole(keepalivedConfig: string | undefined, options: SourceOptions): Promise<RoleReading> {
  const host = await hostMaterial({ keepalivedConfig }, options);
  const { keepalivedConfig: conf, addresses } = host;
  if ('missing' in conf) return unknown(conf.missing);
  if ('missing' in addresses) return unknown(addresses.missing);
  try {
    return roleIn(host, conf, parseIpAddresses(addresses.text).addresses);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return unknown(error.message.replace(/\.$/, ''));
  }
}

function roleIn(
  { surroundings, readScript }: HostMaterial,
  { text, file }: { text: string; file: string },
  own: readonly InterfaceAddress[],
): RoleReading {
  const keepalived = parseKeepalivedConf(text, file, surroundings);
  const hooked = conntrackSyncGroups(keepalived, readScript);
  const groups = rolesOf(hooked.length > 0 ? hooked : keepalived.vrrp_sync_groups, keepalived, own);
  if (groups.length === 0) return unknown(`${file} has no sync group with virtual addresses`);
  return { role: roleOfAll(groups), groups };
}

function unknown(reason: string): RoleReading {
  return { role: 'unknown', groups: [], unknown: reason };
}

/** What a node is for the groups, told by the virtual addresses that it holds. */
export function nodeRole(
  groups: readonly VrrpSyncGroup[],
  keepalived: KeepalivedConf,
  own: readonly InterfaceAddress[],
): NodeRole {
  return roleOfAll(rolesOf(groups, keepalived, own));
}

function roleOfAll(groups: readonly GroupRole[]): NodeRole {
  const [first] = groups;
  if (first === undefined) return 'unknown';
  if (groups.some(({ role }) => role !== first.role)) return 'mixed';
  return first.role === 'partial' ? 'mixed' : first.role;
}
