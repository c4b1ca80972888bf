import type { ConntrackStatistics, TrackingCounters } from '../../model/conntrack-statistics.js';
import type { FlowCount } from '../../model/flow-count.js';
import type { Counter } from '../../model/number.js';
import type { MetricSet } from './metric-set.js';

/** How full the table is. */
export function tableMetrics({ flows, limit, buckets, expected }: FlowCount, metrics: MetricSet): void {
  metrics.add('nf_conntrack_entries', flows);
  metrics.add('nf_conntrack_entries_limit', limit);
  metrics.add('nf_conntrack_buckets', buckets);
  metrics.add('nf_conntrack_expectations', expected?.expectations);
}

/** The kernel's counters of each CPU: whoever wants their sum can add them up, and see which of them has wrapped. */
export function counterMetrics({ cpus }: ConntrackStatistics, metrics: MetricSet): void {
  for (const { cpu, counters } of cpus)
    for (const [name, figure] of Object.entries(counters) as [keyof TrackingCounters, Counter][])
      metrics.add(`nf_conntrack_stat_${name}_total`, figure, { cpu: String(cpu) });
}
