import { Failure } from '../../model/failure.js';
import type { GroupRole, SyncStatus } from '../../model/sync-status.js';
import type { MetricSet } from './metric-set.js';

const ROLES: readonly GroupRole['role'][] = ['master', 'backup', 'partial'];

/**
 * What this node does for each sync group: 1 for its role there, 0 for the others.
 *
 * @throws Failure where it is not known, with the reason that the status has for it
 */
export function roleMetrics(status: SyncStatus, metrics: MetricSet): void {
  refuseWithout(status, ['failover-mechanism', 'role']);
  for (const { sync_group, role: own } of status.roles ?? [])
    for (const role of ROLES) metrics.add('ctsync_role', role === own ? 1 : 0, { sync_group, role });
}

/**
 * When the last transition was; nothing where the record does not say it beyond doubt. Same failures as
 * {@link roleMetrics}.
 */
export function transitionMetrics(status: SyncStatus, metrics: MetricSet): void {
  refuseWithout(status, ['last state transition']);
  const at = status.last_transition?.at;
  metrics.add('ctsync_last_transition_timestamp_seconds', at === undefined ? undefined : Date.parse(at) / 1000);
}

/** Which conntrackd it is. Same failures as {@link roleMetrics}. */
export function infoMetrics(status: SyncStatus, metrics: MetricSet): void {
  refuseWithout(status, ['sync-interface', 'installed version']);
  const { installed_version: version, mode } = status.daemon;
  if (version !== undefined || mode !== undefined) metrics.add('conntrackd_info', 1, { version, mode });
}

/** The status names its parts by their lines on the page. */
const CALLED: Readonly<Record<string, string>> = {
  'sync-interface': 'configuration of conntrackd',
  'failover-mechanism': 'failover mechanism',
};

function refuseWithout({ unavailable }: SyncStatus, parts: readonly string[]): void {
  for (const { part, reason, code, next } of unavailable) {
    if (code === undefined || !parts.includes(part)) continue;
    const message = `The ${CALLED[part] ?? part} is not known: ${reason}.`;
    throw new Failure(code, message, next === undefined ? {} : { next });
  }
}
