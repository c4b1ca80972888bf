import type { ActionManner, ActionReport } from '../model/action.js';
import { Failure } from '../model/failure.js';
import { configurationLock, type SourceOptions } from '../sources/options.js';
import { carryOut } from './carry-out.js';
import { whileLocked } from './daemon/lock.js';
import { askingOf } from './daemon/restart.js';
import { outcomeOf } from './outcome.js';
import { type ActionQuestion, planAction, type Planned } from './plan.js';
import { foundLeft, reportOf } from './report.js';
import { tellSyslog } from './syslog.js';
import { whileNoHook } from './while-no-hook.js';

/**
 * Does an action on this node: looks at it, asks, and does one step after the other, each of which is looked after. Once the
 * first one has begun, whoever ends us does not end it half way.
 *
 * @throws Failure PERMISSION_DENIED, ACTION_REFUSED, NOT_CONFIRMED, CONFIG_LOCKED, INTERRUPTED, and where the daemon does not
 *   answer: nothing was touched
 */
export async function performAction(
  question: ActionQuestion,
  manner: ActionManner,
  options: SourceOptions,
): Promise<ActionReport> {
  const asking = askingOf(question.daemon.path, options);
  const reading = { ...asking, abort: options.abort };
  if (!manner.dryRun) refuseUnlessRoot(question, options);
  const planned = await planAction(question, reading);
  if (manner.dryRun) return reportOf(planned.plan, 'dry-run');
  await manner.confirm(planned.plan);
  return alone(question, options.abort, async () => {
    const now = await planAction(question, reading);
    refuseIfOther(planned, now);
    if (options.abort.aborted) throw Failure.interrupted();
    return done(now, manner, asking);
  });
}

function refuseUnlessRoot({ action }: ActionQuestion, { place }: SourceOptions): void {
  if (place.isRoot) return;
  throw new Failure('PERMISSION_DENIED', `Only root may run "${action}", not ${place.userName}.`, {
    next: 'Run ctsync as root. Nothing was touched.',
  });
}

/** A commit of the configuration restarts the daemon as well. */
function alone(
  { action }: ActionQuestion,
  abort: AbortSignal,
  work: () => Promise<ActionReport>,
): Promise<ActionReport> {
  return whileNoHook(action, () =>
    action === 'restart conntrack-sync' ? whileLocked(configurationLock(), abort, work) : work(),
  );
}

/** An operator may have thought for long. */
function refuseIfOther(asked: Planned, now: Planned): void {
  const words = ({ plan: { role, steps } }: Planned): string => JSON.stringify([role, steps]);
  if (words(asked) === words(now)) return;
  throw new Failure('ACTION_REFUSED', 'This node is not what it was when you were asked: its role has changed.', {
    next: 'Look at "ctsync show conntrack-sync status", and decide anew. Nothing was touched.',
  });
}

async function done(
  { plan, steps }: Planned,
  { onProgress }: ActionManner,
  options: SourceOptions,
): Promise<ActionReport> {
  const unlogged = await tellSyslog(plan, 'begun');
  const result = await carryOut(steps, plan.at_stake, options, onProgress);
  const left = result.silent ? undefined : await foundLeft(plan, options);
  await tellSyslog(plan, result.steps.map(({ command, outcome }) => `${command}: ${outcome}`).join(', '));
  return reportOf({ ...plan, notes: [...plan.notes, ...unlogged] }, outcomeOf(result.steps), result, left);
}
