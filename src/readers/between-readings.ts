import { Failure } from '../model/failure.js';
import { pause } from '../sources/pause.js';

/** Shows that it is waited so many milliseconds; what it gives is called once that is over. */
export type Waiting = (milliseconds: number) => () => void;

/**
 * Waits between two readings.
 *
 * @throws Failure INTERRUPTED
 */
export async function waitBetween(milliseconds: number, abort: AbortSignal, waiting: Waiting): Promise<void> {
  const over = waiting(milliseconds);
  try {
    await pause(milliseconds, abort);
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
