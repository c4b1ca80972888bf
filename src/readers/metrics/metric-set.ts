import { Failure } from '../../model/failure.js';
import { type MetricName, METRICS } from '../../model/metric-families.js';
import type { MetricFamily, MetricSample, MetricValue } from '../../model/metrics.js';

/** Labels as they are known; those that are not are left out. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** Metrics while they are gathered. */
export class MetricSet {
  private readonly families = new Map<MetricName, Map<string, MetricSample>>();

  /**
   * Adds a figure; one that is not known is left out.
   *
   * @throws Failure BAD_ANSWER where there is one with the same labels already: Prometheus would take neither
   */
  add(name: MetricName, value: MetricValue | undefined, labels: Labels = {}): void {
    if (value === undefined) return;
    const known = Object.fromEntries(
      METRICS[name].labels.flatMap((label) => {
        const text = labels[label];
        return text === undefined ? [] : [[label, text]];
      }),
    );
    const key = JSON.stringify(known);
    const samples = this.samplesOf(name);
    if (samples.has(key)) throw twice(name, key);
    samples.set(key, { labels: known, value });
  }

  /** Adds all that another one holds. */
  addAll(others: MetricSet): void {
    for (const { name, samples } of others.inOrder())
      for (const { value, labels } of samples) this.add(name, value, labels);
  }

  /** Those that have a figure, in the order of the catalogue. */
  inOrder(): MetricFamily[] {
    return (Object.keys(METRICS) as MetricName[]).flatMap((name) => {
      const samples = this.families.get(name);
      return samples === undefined ? [] : [{ name, samples: [...samples.values()] }];
    });
  }

  private samplesOf(name: MetricName): Map<string, MetricSample> {
    const known = this.families.get(name);
    if (known) return known;
    const made = new Map<string, MetricSample>();
    this.families.set(name, made);
    return made;
  }
}

function twice(name: MetricName, labels: string): Failure {
  return new Failure('BAD_ANSWER', `There are two figures for the metric ${name} with the labels ${labels}.`, {
    next: 'Two things have one name: look for it in the configuration of conntrackd or keepalived.',
  });
}
