import { Failure } from '../model/failure.js';
import type { SourceOptions } from '../sources/options.js';

/** Shows that it is waited so many milliseconds; what it gives is called once that is over. */
export type Waiting = (milliseconds: number) => () => void;

/**
 * Waits between two readings.
 *
 * @throws Failure INTERRUPTED
 */
export async function waitBetween(
  milliseconds: number,
  { place, abort }: Pick<SourceOptions, 'place' | 'abort'>,
  waiting: Waiting,
): Promise<void> {
  const over = waiting(milliseconds);
  try {
    await place.clock.wait(milliseconds, abort);
  } catch (error) {
    throw abort.aborted ? new Failure('INTERRUPTED', 'Interrupted between the two readings.') : error;
  } finally {
    over();
  }
}

/** The failure of an interval over what is read but once. */
export function oneReading(next: string): Failure {
  return new Failure('USAGE', '--interval compares two readings of this host, and a capture is one.', { next });
}
