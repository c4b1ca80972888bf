import type { Failure } from '../../model/failure.js';
import type { Follow } from '../../model/flow-stream.js';
import type { Metrics } from '../../model/metrics.js';
import type { SourceOptions } from '../../sources/options.js';
import { collectCaptured } from './captured.js';
import { collectLive } from './live.js';

/** What is wanted of the metrics. */
export interface MetricsQuestion {
  /** As for a status. */
  keepalivedConfig?: string | undefined;
  /** Shows how far the reading of all flows has come; absent where flows are not to be looked at. */
  flows?: Follow | undefined;
}

/** Metrics, and why some of them are missing. */
export interface MetricsAnswer {
  metrics: Metrics;
  /** Empty where all that was asked for is there. */
  failures: readonly Failure[];
}

/**
 * The metrics of this node, live or from a folder of captured files. A collector that fails leaves its own metrics out,
 * and no others.
 *
 * @throws Failure INTERRUPTED; CAPTURE_UNREADABLE or BAD_CAPTURE where there is no such capture
 */
export async function readMetrics(
  { keepalivedConfig, flows }: MetricsQuestion,
  options: SourceOptions,
): Promise<MetricsAnswer> {
  const collection =
    options.from === undefined
      ? await collectLive(keepalivedConfig, options, flows)
      : await collectCaptured(options.from, options, flows);
  return { metrics: collection.conclude(), failures: collection.failures };
}
