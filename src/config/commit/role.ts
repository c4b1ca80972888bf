import type { NodeRole } from '../../model/action.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { nodeRole } from '../../readers/node-role.js';
import type { VerifySurroundings } from '../verify/material.js';

/** Told by the virtual addresses that it holds, of all groups whose transitions conntrackd is told of. */
export function roleOf(
  { sync_group: group }: Pick<SyncConfiguration, 'sync_group'>,
  around: VerifySurroundings,
): NodeRole {
  const { keepalived, hooked, addresses } = around;
  if (keepalived === undefined) return 'unknown';
  const groups = keepalived.vrrp_sync_groups.filter(
    (each) => each.name === group || hooked.some(({ name }) => name === each.name),
  );
  return nodeRole(groups, keepalived, addresses);
}
