import type { CheckResult, CheckStatus, Metric, Thresholds } from '../../model/check.js';
import type { Finding, Health, Severity } from '../../model/health.js';
import { passed, worstOf } from './thresholds.js';

const STATUS: Readonly<Record<Severity, CheckStatus>> = {
  critical: 'CRITICAL',
  warning: 'WARNING',
  unknown: 'UNKNOWN',
  information: 'OK',
};

/**
 * A check by what was found and by the thresholds that were passed, the worse of both.
 *
 * @param well what is said where nothing is wrong
 * @param notes what an operator should know with it
 */
export function judged(
  service: string,
  health: Health,
  metrics: readonly Metric[],
  thresholds: Thresholds,
  well: string,
  notes: readonly string[] = [],
): CheckResult {
  const found = health.findings.filter(({ severity }) => severity !== 'information');
  const beyond = passed(metrics, thresholds);
  const said = [
    ...found.map((finding) => ({ status: STATUS[finding.severity], message: finding.message })),
    ...beyond.map(({ status, message }) => ({ status, message: `${message}.` })),
  ];
  const status = worstOf(said.map((one) => one.status));
  const worst = said.find((one) => one.status === status);
  const more = said.length > 1 ? ` (and ${said.length - 1} more)` : '';
  return {
    service,
    status,
    message: worst === undefined ? well : `${worst.message}${more}`,
    metrics,
    details: [...found.flatMap(detailsOf), ...beyond.map(({ status: of, message }) => `${of}: ${message}`), ...notes],
  };
}

function detailsOf({ code, name, severity, message, next }: Finding): string[] {
  return [`${severity.toUpperCase()}: ${code} ${name}: ${message}`, `Next: ${next}`];
}
