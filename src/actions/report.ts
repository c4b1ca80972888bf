import type { ActionPlan, ActionReport, ActionStep, FlowsAtStake } from '../model/action.js';
import type { SourceOptions } from '../sources/options.js';
import type { CarriedOut } from './carry-out.js';
import { reasonOf } from './outcome.js';
import { inCaches, inKernel } from './situation.js';

/** What has become of an action, and why it is not done where it is not. */
export function reportOf(
  { host: _host, ...plan }: ActionPlan,
  outcome: ActionReport['outcome'],
  result?: CarriedOut,
  left?: FlowsAtStake,
): ActionReport {
  const failure = result && failureOf(plan, outcome, result);
  return {
    ...plan,
    ...(result ? { steps: result.steps } : {}),
    outcome,
    ...(left ? { left } : {}),
    ...(failure ? { failure } : {}),
  };
}

/** How many flows there are behind the last step; undefined where that could not be had. */
export async function foundLeft({ action }: ActionPlan, options: SourceOptions): Promise<FlowsAtStake | undefined> {
  const found = await (action === 'reset conntrack' ? inKernel(options) : inCaches(options)).catch(reasonOf);
  return typeof found === 'string' ? undefined : found;
}

const LOOK = 'Before you try again, look at "ctsync show conntrack-sync status" and "ctsync show log conntrack-sync".';

/** Where a step failed, or was not answered, no other one was begun; one that can not be proved keeps nothing from going on. */
function failureOf(
  { action }: Pick<ActionPlan, 'action'>,
  outcome: ActionReport['outcome'],
  { steps, next = LOOK }: CarriedOut,
): ActionReport['failure'] {
  const bad = steps.find(isFailed) ?? steps.find(({ outcome: became }) => became !== 'done');
  if (bad === undefined) return undefined;
  const { command, evidence = 'it is not known why' } = bad;
  const done = outcome === 'partly' ? 'is done in part only' : 'is not done';
  const [code, what] = {
    timeout: ['TIMEOUT', `is not known to be done: ${command} was not answered`] as const,
    failed: ['ACTION_FAILED', `${done}: ${command} failed`] as const,
    unverified: ['ACTION_FAILED', `is not known to be done: ${command} was taken, but can not be proved`] as const,
  }[bad.outcome as 'timeout' | 'failed' | 'unverified'];
  return { code, message: `"${action}" ${what}: ${evidence}.`, next };
}

function isFailed({ outcome }: ActionStep): boolean {
  return outcome === 'failed' || outcome === 'timeout';
}
