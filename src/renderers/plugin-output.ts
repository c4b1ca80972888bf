import type { CheckResult, Metric, Thresholds } from '../model/check.js';
import { escapeControl } from './escape.js';

/**
 * What a monitoring system reads of a check: one line with the status and, behind a bar, the figures; then lines of details.
 * A bar in a text would end it, so there it is another character.
 */
export function renderCheck(result: CheckResult, thresholds: Thresholds): string {
  const { service, status, message, metrics, details } = result;
  const figures = metrics.map((metric) => figure(metric, thresholds)).join(' ');
  const first = `${service} ${status} - ${plain(message)}${figures === '' ? '' : ` | ${figures}`}`;
  return `${[first, ...details.map(plain)].join('\n')}\n`;
}

function plain(text: string): string {
  return escapeControl(text).replaceAll('|', '¦');
}

/** `'label'=value[unit];[warning];[critical];[min];[max]`: what is behind the last one that is known is left out. */
function figure({ name, value, unit, max }: Metric, { warning, critical }: Thresholds): string {
  const label = /^[\w-]+$/.test(name) ? name : `'${name.replaceAll(/['=]/g, '_')}'`;
  const parts = [
    `${label}=${decimal(value)}${unit ?? ''}`,
    warning.get(name)?.text ?? '',
    critical.get(name)?.text ?? '',
    '0',
    max === undefined ? '' : decimal(max),
  ];
  return parts.join(';').replace(/;+$/, '');
}

/** All digits: the guidelines know no exponents. */
function decimal(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isInteger(value)) return BigInt(value).toString();
  return value.toFixed(3).replace(/\.?0+$/, '');
}
