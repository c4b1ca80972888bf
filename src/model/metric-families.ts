import { DAEMON_METRICS } from './metric-families/daemon.js';
import type { MetricDescription } from './metric-families/description.js';
import { COUNTER_METRICS, FLOW_METRICS, TABLE_METRICS } from './metric-families/kernel.js';
import { PAIR_METRICS } from './metric-families/pair.js';

const FAMILIES = { ...TABLE_METRICS, ...COUNTER_METRICS, ...FLOW_METRICS, ...DAEMON_METRICS, ...PAIR_METRICS };

/** The name of a metric, as Prometheus has it: with the `_total` of a counter and the `_info` of an info. */
export type MetricName = keyof typeof FAMILIES;

/** Every family of metrics that there is, in the order in which they are written (docs/metrics.md). */
export const METRICS: Readonly<Record<MetricName, MetricDescription>> = FAMILIES;
