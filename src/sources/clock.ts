import { pause } from './pause.js';

/** The time at a place that is asked. */
export interface Clock {
  /** By the clock on the wall, which may be set at any moment. */
  now(): Date;
  /** Milliseconds by a clock that only goes forward: all processes of the place have the same. */
  sinceBoot(): number;
  /** Waits so many milliseconds. Rejects with an AbortError as soon as `abort` fires. */
  wait(milliseconds: number, abort: AbortSignal): Promise<void>;
}

/** That of the machine that we run on, by which a machine that is asked over the network is measured, too. */
export const CLOCK: Clock = { now, sinceBoot, wait: pause };

/** What time it is by this host's clock, which may be set at any moment. */
export function now(): Date {
  return new Date();
}

/** Milliseconds since the machine was started, of a clock that only goes forward: all processes have the same. */
export function sinceBoot(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
