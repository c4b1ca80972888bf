import type { ConfigurationFinding } from '../../model/configuration.js';
import type { FaultyHook } from '../../model/keepalived-conf.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { asCommand } from '../statements/print.js';
import type { VerifySurroundings } from './material.js';

/** Whether keepalived has the sync group, and tells conntrackd of its transitions. */
export function failoverFindings(
  { sync_group: group }: SyncConfiguration,
  around: VerifySurroundings,
): ConfigurationFinding[] {
  const { keepalived, keepalivedMissing, hooked, faultyHooks } = around;
  if (group === undefined) {
    const known = keepalived?.vrrp_sync_groups.map(({ name }) => name) ?? [];
    const names = known.length > 0 ? known : ['NAME'];
    return [
      {
        severity: 'error',
        message: 'There is no sync group: nobody would tell conntrackd of a failover.',
        lines: names.map((name) => asCommand('set', `failover-mechanism vrrp sync-group '${name}'`)),
      },
    ];
  }
  const statement = `failover-mechanism vrrp sync-group '${group}'`;
  if (keepalived === undefined) {
    const message = `keepalived has no sync group ${group}: ${keepalivedMissing ?? 'its configuration is not known'}.`;
    return [{ severity: 'error', message, statement }];
  }
  const names = hooked.map(({ name }) => name);
  if (!keepalived.vrrp_sync_groups.some(({ name }) => name === group)) {
    const [unread] = keepalived.unread;
    const message = unread
      ? `keepalived's configuration has no sync group ${group} as far as it could be read: ${unread.file} was not.`
      : `keepalived's configuration has no sync group ${group}.`;
    return [{ severity: unread ? 'warning' : 'error', message, statement }];
  }
  const others = names.filter((name) => name !== group);
  return [
    ...(names.includes(group) ? [] : [withoutHook(group, statement)]),
    ...faultyHooks.filter((fault) => fault.sync_group === group).map((fault) => partOfHook(fault, statement)),
    ...(others.length === 0 ? [] : [severalHooked(group, others, statement)]),
  ];
}

function withoutHook(group: string, statement: string): ConfigurationFinding {
  const message = `The sync group ${group} of keepalived has no notify lines that tell conntrackd of its transitions. ${HINT}`;
  return { severity: 'warning', message, statement };
}

function partOfHook({ sync_group: group, missing, wrong }: FaultyHook, statement: string): ConfigurationFinding {
  const lines = [...missing, ...wrong].map((event) => `notify_${event}`).join(', ');
  const message = `The sync group ${group} of keepalived tells conntrackd of some transitions only: ${lines} is missing or wrong. ${HINT}`;
  return { severity: 'warning', message, statement };
}

const HINT = '"ctsync show configuration hook" prints the lines to add.';

function severalHooked(group: string, others: readonly string[], statement: string): ConfigurationFinding {
  const names = others.join(', ');
  const message = `Beside ${group}, keepalived tells conntrackd of ${names}, too: what one group does to the caches and the kernel's table concerns the flows of all.`;
  return { severity: 'warning', message, statement };
}
