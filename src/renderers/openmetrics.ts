import { type MetricName, METRICS } from '../model/metric-families.js';
import type { MetricFamily } from '../model/metrics.js';
import { sampleLine } from './exposition.js';

/** OpenMetrics 1.0: a family has a unit, the name of its samples without their ending, and the text an end. */
export function renderOpenMetrics(families: readonly MetricFamily[]): string {
  return `${families.map(familyText).join('')}# EOF\n`;
}

function familyText({ name, samples }: MetricFamily): string {
  const { type, unit, help } = METRICS[name];
  const family = familyName(name);
  const head = [
    `# TYPE ${family} ${type}`,
    ...(unit === undefined ? [] : [`# UNIT ${family} ${unit}`]),
    `# HELP ${family} ${help}`,
  ];
  return `${head.join('\n')}\n${samples.map((sample) => sampleLine(name, sample)).join('')}`;
}

const ENDINGS = { counter: /_total$/, info: /_info$/, gauge: /$/ } as const;

function familyName(name: MetricName): string {
  return name.replace(ENDINGS[METRICS[name].type], '');
}
