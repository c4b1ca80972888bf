import type { CheckStatus, Metric, Range, Thresholds } from '../../model/check.js';
import { Failure } from '../../model/failure.js';
import { alerts, parseRange } from './range.js';

/** A threshold that a metric has passed. */
export interface Passed {
  status: 'WARNING' | 'CRITICAL';
  /** Half a sentence: `lost is 12, outside of 0`. */
  message: string;
}

/**
 * What `--warning` and `--critical` say: `METRIC=RANGE` each.
 *
 * @param names the metrics that there are
 * @throws Failure USAGE
 */
export function thresholdsOf(
  warning: readonly string[],
  critical: readonly string[],
  names: readonly string[],
): Thresholds {
  return { warning: rangesOf('--warning', warning, names), critical: rangesOf('--critical', critical, names) };
}

function rangesOf(flag: string, words: readonly string[], names: readonly string[]): Map<string, Range> {
  const ranges = new Map<string, Range>();
  for (const word of words) {
    const [, name, range] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    if (name === undefined || range === undefined || !names.includes(name)) throw noThreshold(word, names);
    if (ranges.has(name)) throw givenTwice(flag, name);
    ranges.set(name, parseRange(range));
  }
  return ranges;
}

/** Only one of them could be heeded, and which one would be anybody's guess. */
function givenTwice(flag: string, name: string): Failure {
  return new Failure('USAGE', `${flag} is given twice for ${name}.`, {
    next: `Give one range for each metric, such as ${name}=10:20.`,
  });
}

function noThreshold(word: string, names: readonly string[]): Failure {
  return new Failure('USAGE', `${JSON.stringify(word)} is no threshold.`, {
    next: `A threshold is METRIC=RANGE, such as ${names[0] ?? 'flows'}=10; metrics are ${names.join(', ')}.`,
  });
}

/** The thresholds that the metrics have passed; of one metric the worse. */
export function passed(metrics: readonly Metric[], { warning, critical }: Thresholds): Passed[] {
  return metrics.flatMap(({ name, value, unit }): Passed[] => {
    const beyond = (ranges: ReadonlyMap<string, Range>): Range | undefined => {
      const range = ranges.get(name);
      return range !== undefined && alerts(range, value) ? range : undefined;
    };
    const [bad, worse] = [beyond(warning), beyond(critical)];
    const range = worse ?? bad;
    if (range === undefined) return [];
    const shown = `${String(value)}${unit === undefined || unit === 'c' ? '' : unit}`;
    const message = `${name} is ${shown}, which the range ${range.text} alerts of`;
    return [{ status: worse ? 'CRITICAL' : 'WARNING', message }];
  });
}

const WORST_FIRST: readonly CheckStatus[] = ['CRITICAL', 'WARNING', 'UNKNOWN', 'OK'];

/** The worst of several; OK where there is none. */
export function worstOf(statuses: readonly CheckStatus[]): CheckStatus {
  return WORST_FIRST.find((status) => statuses.includes(status)) ?? 'OK';
}
