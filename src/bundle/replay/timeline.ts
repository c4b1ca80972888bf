import type { BundleNode } from '../../model/bundle.js';
import type { Clock } from '../../sources/clock.js';

/**
 * The time in a bundle: that of the first sample until something was read that takes long, or somebody waited for the second
 * one. Nobody really waits.
 */
export class Timeline implements Clock {
  /** Which of two readings is there now. */
  sample: 1 | 2 = 1;
  private readonly first: number;
  private readonly second: number;
  private waited = 0;

  constructor({ collected_at: began, items }: BundleNode) {
    this.first = Date.parse(began);
    const again = items.find(({ sample }) => sample === 2);
    this.second = again === undefined ? this.first : Date.parse(again.started_at);
  }

  now(): Date {
    return new Date((this.sample === 1 ? this.first : this.second) + this.waited);
  }

  sinceBoot(): number {
    return this.now().getTime();
  }

  /** Behind the second sample nothing changes any more, but time passes for whoever waits on. */
  wait(milliseconds: number): Promise<void> {
    if (this.sample === 2) this.waited += Math.max(milliseconds, 0);
    this.sample = 2;
    return Promise.resolve();
  }

  /** What took long has been read. */
  advance(): void {
    this.sample = 2;
  }
}
