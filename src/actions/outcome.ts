import type { ActionStep } from '../model/action.js';

/** How a step came out, and what that is known by. */
export type StepResult = Pick<ActionStep, 'evidence' | 'committed'> & {
  outcome: Exclude<ActionStep['outcome'], 'planned' | 'not_done'>;
  /** What to do next; only where it is not done. */
  next?: string;
};

/** Whether an action goes on behind a step: what it builds on is done, or was taken at least. */
export function goesOn({ outcome }: StepResult): boolean {
  return outcome === 'done' || outcome === 'unverified';
}
