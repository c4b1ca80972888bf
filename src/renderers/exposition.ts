import type { MetricSample, MetricValue } from '../model/metrics.js';
import { escapeControl } from './escape.js';

/** A sample as both formats of Prometheus write it: `name{label="value"} 1`. */
export function sampleLine(name: string, { labels, value }: MetricSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${labelValue(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${figure(value)}\n`;
}

/**
 * Control characters would end the file for some readers (a null byte does for Prometheus): they are shown in letters, as
 * on a terminal. What is left to escape is what both formats want escaped.
 */
function labelValue(text: string): string {
  return escapeControl(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/** All the digits, whatever Prometheus keeps of them: it counts in floating point. */
function figure(value: MetricValue): string {
  return String(value);
}
