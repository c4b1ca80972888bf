import { setTimeout } from 'node:timers/promises';

/** Waits so many milliseconds. Rejects with an AbortError as soon as `abort` fires. */
export async function pause(milliseconds: number, abort: AbortSignal): Promise<void> {
  await setTimeout(Math.max(milliseconds, 0), undefined, { signal: abort });
}
