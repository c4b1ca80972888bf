import type { Finding, Health, Severity } from '../model/health.js';
import type { NodeObservation } from '../model/node-observation.js';
import { CACHE_RULES } from './health/caches.js';
import { DAEMON_RULES } from './health/daemon.js';
import { FAILOVER_RULES } from './health/failover.js';
import { INFORMATION_RULES } from './health/information.js';
import { KERNEL_RULES } from './health/kernel.js';
import { LINK_RULES } from './health/links.js';
import { MESSAGE_RULES } from './health/messages.js';
import { ROLE_RULES } from './health/roles.js';
import { apply, type Rule } from './health/rule.js';

const RULES: readonly Rule[] = [
  ...DAEMON_RULES,
  ...LINK_RULES,
  ...MESSAGE_RULES,
  ...CACHE_RULES,
  ...KERNEL_RULES,
  ...FAILOVER_RULES,
  ...ROLE_RULES,
  ...INFORMATION_RULES,
];

const WORST_FIRST: readonly Severity[] = ['critical', 'warning', 'unknown', 'information'];

/**
 * What is wrong with a node, what is worth knowing, and what could not be judged.
 *
 * @param rules all of them, or those of a part of the node
 */
export function healthOf(node: NodeObservation, rules = RULES): Health {
  const judged = rules.map((rule) => apply(rule, node));
  const findings = judged.flatMap((of) => of.findings).sort(worstFirst);
  const worst = findings[0]?.severity;
  const { before, now } = node;
  return {
    verdict: worst === undefined || worst === 'information' ? 'ok' : worst,
    findings,
    not_checked: judged.flatMap((of) => of.notChecked),
    ...(before === undefined ? {} : { sampled_seconds: Math.round(now.at - before.at) / 1000 }),
  };
}

function worstFirst(one: Finding, other: Finding): number {
  const difference = WORST_FIRST.indexOf(one.severity) - WORST_FIRST.indexOf(other.severity);
  return difference || (one.code < other.code ? -1 : one.code > other.code ? 1 : 0);
}
