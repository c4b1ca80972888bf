import type { Beside, CheckResult, CheckStatus, Doubt, Metric, Thresholds } from '../../model/check.js';
import type { Finding, Health, Severity } from '../../model/health.js';
import { passed, worstOf } from './thresholds.js';
import type { Unjudged } from './unjudged.js';

const STATUS: Readonly<Record<Severity, CheckStatus>> = {
  critical: 'CRITICAL',
  warning: 'WARNING',
  unknown: 'UNKNOWN',
  information: 'OK',
};

/** What a check is judged by. */
export interface Grounds {
  health: Health;
  metrics: readonly Metric[];
  thresholds: Thresholds;
  /** Thresholds that there is no figure for. */
  unjudged: readonly Unjudged[];
  beside: Beside;
}

/**
 * A check by what was found and by the thresholds that were passed, the worse of both. Where nothing is wrong, a doubt makes
 * it UNKNOWN; where something is, the doubt is one more line.
 *
 * @param well what is said where nothing is wrong
 */
export function judged(service: string, grounds: Grounds, well: string): CheckResult {
  const { health, metrics, thresholds } = grounds;
  const found = health.findings.filter(({ severity }) => severity !== 'information');
  const beyond = passed(metrics, thresholds);
  const said = [
    ...found.map((finding) => ({ status: STATUS[finding.severity], message: finding.message })),
    ...beyond.map(({ status, message }) => ({ status, message: `${message}.` })),
    ...doubtsOf(grounds).map(({ message }) => ({ status: 'UNKNOWN' as const, message })),
  ];
  const status = worstOf(said.map((one) => one.status));
  const worst = said.find((one) => one.status === status);
  const more = said.length > 1 ? ` (and ${said.length - 1} more)` : '';
  return {
    service,
    status,
    message: worst === undefined ? well : `${worst.message}${more}`,
    metrics,
    details: [
      ...found.flatMap(detailsOf),
      ...beyond.map(({ status: of, message }) => `${of}: ${message}`),
      ...linesBeside(grounds),
    ],
  };
}

/** The lines of what can't be told, and of what an operator should know. */
export function linesBeside(grounds: Pick<Grounds, 'unjudged' | 'beside'>): string[] {
  const { unjudged, beside } = grounds;
  const passing = unjudged.filter(({ lasting }) => !lasting);
  return [
    ...doubtsOf(grounds).flatMap(({ message, next }) => [
      `UNKNOWN: ${message}`,
      ...(next === undefined ? [] : [`Next: ${next}`]),
    ]),
    ...(beside.notes ?? []),
    ...passing.map(({ name, why }) => `Not judged: ${name}, for ${why}.`),
  ];
}

function doubtsOf({ unjudged, beside }: Pick<Grounds, 'unjudged' | 'beside'>): Doubt[] {
  const missing = unjudged
    .filter(({ lasting }) => lasting)
    .map(({ name, why }) => ({ message: `The threshold of ${name} can't be judged: ${why}.` }));
  return [...missing, ...(beside.doubts ?? [])];
}

function detailsOf({ code, name, severity, message, next }: Finding): string[] {
  return [`${severity.toUpperCase()}: ${code} ${name}: ${message}`, `Next: ${next}`];
}
