import { type Beside, CHECK_SERVICES, type CheckResult, type Metric, type Thresholds } from '../../model/check.js';
import type { Health } from '../../model/health.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { healthOf } from '../health.js';
import { KERNEL_RULES } from '../health/kernel.js';
import { kernelFigures, syncFigures } from './figures.js';
import { type Grounds, judged, linesBeside } from './judged.js';
import { unjudgedThresholds } from './unjudged.js';

/** conntrackd and the pair, as a monitoring system asks. */
export function checkSync(
  node: NodeObservation,
  health: Health,
  thresholds: Thresholds,
  beside: Beside = {},
): CheckResult {
  const grounds = groundsOf(node, health, syncFigures(node), thresholds, beside);
  return judged(CHECK_SERVICES['conntrack-sync'], grounds, syncInWords(node));
}

function syncInWords({ roles = [], now }: NodeObservation): string {
  const doing = roles.map(({ role, sync_group: group }) => `${role} of ${group}`);
  const caches = (now.pages.main?.caches ?? []).flatMap(({ name, active }) =>
    active === undefined ? [] : [`${active} ${active === 1 ? 'flow' : 'flows'} in the ${name} cache`],
  );
  return [...doing, ...caches].join(', ') || 'conntrackd answers';
}

const NOT_LOADED = 'connection tracking is not loaded';

/** The kernel's table, as a monitoring system asks. */
export function checkKernel(node: NodeObservation, thresholds: Thresholds, beside: Beside = {}): CheckResult {
  const { now, limit } = node;
  const service = CHECK_SERVICES.conntrack;
  const grounds = groundsOf(node, healthOf(node, KERNEL_RULES), kernelFigures(node), thresholds, beside);
  if (now.flows === undefined) {
    const { flows: why = NOT_LOADED } = node.unread;
    const message = why === NOT_LOADED ? `${why} in this kernel` : `how many flows there are is not known: ${why}`;
    return { service, status: 'UNKNOWN', message, metrics: [], details: linesBeside(grounds) };
  }
  return judged(service, grounds, limit ? `${now.flows} of ${limit} flows` : `${now.flows} flows, without a limit`);
}

function groundsOf(
  node: NodeObservation,
  health: Health,
  metrics: readonly Metric[],
  thresholds: Thresholds,
  beside: Beside,
): Grounds {
  const unjudged = unjudgedThresholds(node, metrics, thresholds);
  return { health, metrics, thresholds, unjudged, beside };
}
