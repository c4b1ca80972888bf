import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  /** How long to wait at most. */
  seconds?: number;
  /** What is waited for, for the error's text. */
  what?: string;
}

/** A value without the answers that mean "not yet". */
export type Truthy<T> = Exclude<T, false | 0 | 0n | '' | null | undefined>;

/**
 * Asks again and again until the answer is truthy, and gives that answer back; a question that throws counts as "not
 * yet". Rejects after the time is over, with the last error as the cause.
 */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions = {}): Promise<Truthy<T>> {
  const { seconds = 15, what = 'the condition' } = options;
  const deadline = performance.now() + seconds * 1000;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await condition();
      if (answer) return answer as Truthy<T>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${String(seconds)} s in vain for ${what}`, cause === undefined ? {} : { cause });
    }
    await sleep(100);
  }
}
