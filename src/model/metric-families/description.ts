/** What a family of metrics is, whatever its figures are now. */
export interface MetricDescription {
  /** `info` is always 1: its labels are what it tells. */
  type: 'gauge' | 'counter' | 'info';
  /** The unit that its name ends in, before `_total`; absent where things are counted. */
  unit?: 'bytes' | 'seconds';
  /** Where its figures come from: a command, or a file. */
  source: string;
  /** In the order in which they are written. */
  labels: readonly string[];
  /** A sentence without its full stop. It is to stay as it is: node_exporter complains of two texts for one name. */
  help: string;
}

type Unit = Pick<MetricDescription, 'unit'>;

/** What is so now. */
export function gauge(
  source: string,
  help: string,
  labels: readonly string[] = [],
  unit: Unit = {},
): MetricDescription {
  return { type: 'gauge', ...unit, source, labels, help };
}

/** What only grows, until it begins again at 0. */
export function counter(
  source: string,
  help: string,
  labels: readonly string[] = [],
  unit: Unit = {},
): MetricDescription {
  return { type: 'counter', ...unit, source, labels, help };
}
