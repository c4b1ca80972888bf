import type { CheckResult, Thresholds } from '../../model/check.js';
import type { Health } from '../../model/health.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { healthOf } from '../health.js';
import { KERNEL_RULES } from '../health/kernel.js';
import { kernelFigures, syncFigures } from './figures.js';
import { judged } from './judged.js';

export const SYNC_SERVICE = 'CONNTRACK-SYNC';
export const KERNEL_SERVICE = 'CONNTRACK';

/** conntrackd and the pair, as a monitoring system asks. */
export function checkSync(
  node: NodeObservation,
  health: Health,
  thresholds: Thresholds,
  notes: readonly string[],
): CheckResult {
  return judged(SYNC_SERVICE, health, syncFigures(node), thresholds, syncInWords(node), notes);
}

function syncInWords({ roles = [], now }: NodeObservation): string {
  const doing = roles.map(({ role, sync_group: group }) => `${role} of ${group}`);
  const caches = (now.pages.main?.caches ?? []).flatMap(({ name, active }) =>
    active === undefined ? [] : [`${active} ${active === 1 ? 'flow' : 'flows'} in the ${name} cache`],
  );
  return [...doing, ...caches].join(', ') || 'conntrackd answers';
}

/** The kernel's table, as a monitoring system asks. */
export function checkKernel(node: NodeObservation, thresholds: Thresholds, notes: readonly string[]): CheckResult {
  const { now, limit } = node;
  if (now.flows === undefined) {
    const message = 'connection tracking is not loaded in this kernel';
    return { service: KERNEL_SERVICE, status: 'UNKNOWN', message, metrics: [], details: notes };
  }
  const well = limit ? `${now.flows} of ${limit} flows` : `${now.flows} flows, without a limit`;
  const health = healthOf(node, KERNEL_RULES);
  return judged(KERNEL_SERVICE, health, kernelFigures(node), thresholds, well, notes);
}
