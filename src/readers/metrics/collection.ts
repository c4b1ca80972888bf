import { Failure } from '../../model/failure.js';
import { COLLECTORS, type CollectorName, type CollectorOutcome, type Metrics } from '../../model/metrics.js';
import { MetricSet } from './metric-set.js';

/** Gathers the metrics of one collector. That it failed it says by a Failure. */
export type Collect = (metrics: MetricSet) => void | Promise<void>;

/**
 * Runs collectors, each for itself: one that fails leaves no half of its metrics behind, and does not keep the others from
 * theirs.
 */
export class Collection {
  /** What stands beside the collectors' own metrics. */
  readonly metrics = new MetricSet();
  private readonly failed = new Map<CollectorName, Failure>();
  private readonly outcomes = new Map<CollectorName, CollectorOutcome>();
  private readonly began: Date | undefined;

  /** @param began absent for a capture: neither when it is read nor how long that takes is worth telling */
  constructor(began?: Date) {
    this.began = began;
  }

  /**
   * @returns why it failed; undefined where it did not
   * @throws what is no Failure, and INTERRUPTED: then there are no metrics at all
   */
  async run(collector: CollectorName, collect: Collect): Promise<Failure | undefined> {
    const begun = performance.now();
    const metrics = new MetricSet();
    const failure = await failureOf(() => collect(metrics));
    const seconds = Math.round((performance.now() - begun) * 1000) / 1e6;
    if (failure === undefined) this.metrics.addAll(metrics);
    else this.failed.set(collector, failure);
    this.outcomes.set(collector, {
      collector,
      success: failure === undefined,
      ...(this.began ? { seconds } : {}),
      ...(failure ? { error: failure.report() } : {}),
    });
    return failure;
  }

  /** The failures in the order of their collectors, each once: several may fail for the same reason. */
  get failures(): Failure[] {
    const all = COLLECTORS.flatMap((name) => this.failed.get(name) ?? []);
    return all.filter(({ message }, i) => all.findIndex((one) => one.message === message) === i);
  }

  /** Whether no collector was asked for anything. */
  get isEmpty(): boolean {
    return this.outcomes.size === 0;
  }

  /** A collector that was not asked, because another one has shown that it would fail. */
  skip(collector: CollectorName): void {
    this.outcomes.set(collector, { collector, success: false });
  }

  /** All that was gathered, once no more is to come. */
  conclude(): Metrics {
    const collectors = COLLECTORS.flatMap((name) => this.outcomes.get(name) ?? []);
    this.metrics.add('ctsync_collection_timestamp_seconds', this.began && this.began.getTime() / 1000);
    for (const { collector, success, seconds } of collectors) {
      this.metrics.add('ctsync_collector_success', success ? 1 : 0, { collector });
      this.metrics.add('ctsync_collector_duration_seconds', seconds, { collector });
    }
    return { families: this.metrics.inOrder(), collectors };
  }
}

async function failureOf(collect: () => void | Promise<void>): Promise<Failure | undefined> {
  try {
    await collect();
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.code !== 'INTERRUPTED') return error;
    throw error;
  }
}
