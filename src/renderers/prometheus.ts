import { METRICS } from '../model/metric-families.js';
import type { MetricFamily } from '../model/metrics.js';
import { sampleLine } from './exposition.js';

/**
 * The classic text format of Prometheus, which node_exporter's textfile collector reads. It knows no units and no infos:
 * a file with one of their types is not read at all there, and neither is one with a time behind a figure.
 */
export function renderPrometheus(families: readonly MetricFamily[]): string {
  return families.map(familyText).join('');
}

function familyText({ name, samples }: MetricFamily): string {
  const { type, help } = METRICS[name];
  const head = `# HELP ${name} ${help}\n# TYPE ${name} ${type === 'info' ? 'gauge' : type}\n`;
  return head + samples.map((sample) => sampleLine(name, sample)).join('');
}
