import type { ActionStep } from '../model/action.js';
import { Failure } from '../model/failure.js';

/** How a step came out, and what that is known by. */
export type StepResult = Pick<ActionStep, 'evidence' | 'committed'> & {
  outcome: Exclude<ActionStep['outcome'], 'planned' | 'not_done'>;
  /** What to do next; only where it is not done. */
  next?: string;
  /** Nobody answered: who asks again would only wait again. */
  silent?: true;
};

/** Whether an action goes on behind a step: what it builds on is done, or was taken at least. */
export function goesOn({ outcome }: StepResult): boolean {
  return outcome === 'done' || outcome === 'unverified';
}

/** What of an action is known to be done; a step that was not answered may be. */
export function outcomeOf(steps: readonly ActionStep[]): 'done' | 'partly' | 'failed' {
  if (steps.every(({ outcome }) => outcome === 'done')) return 'done';
  const maybe = steps.some(
    ({ outcome, committed }) => ['done', 'unverified', 'timeout'].includes(outcome) || committed !== undefined,
  );
  return maybe ? 'partly' : 'failed';
}

/**
 * A step that failed.
 *
 * @throws what is no failure of a tool
 */
export function failedBy(error: unknown): StepResult {
  if (!(error instanceof Failure)) throw error;
  const silent = error.code === 'TIMEOUT' ? { silent: true as const } : {};
  return { outcome: 'failed', evidence: halfOf(error), ...nextOf(error), ...silent };
}

/** A failure as half a sentence, with the tool's own last words. */
export function halfOf({ message, toolSays }: Failure): string {
  return `${message.replace(/\.$/, '')}${toolSays ? `: ${toolSays}` : ''}`;
}

/**
 * What a look at what was done has failed by, as half a sentence; it changes nothing of that it was done.
 *
 * @throws what is no failure of a tool
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Failure)) throw error;
  return halfOf(error);
}

function nextOf({ next }: Failure): { next?: string } {
  return next === undefined ? {} : { next };
}
