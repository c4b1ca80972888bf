import type { ActionPlan, ActionReport, ActionStep, FlowsAtStake } from '../model/action.js';
import { Failure } from '../model/failure.js';
import { succeeded } from '../readers/tool-failure.js';
import { holdLock } from '../sources/held-lock.js';
import { failoverLock, type SourceOptions } from '../sources/options.js';
import { operatorName } from '../sources/operator.js';
import { askTool } from '../sources/process.js';
import { syslogLine } from '../sources/queries.js';
import { carryOut, type CarriedOut } from './carry-out.js';
import { askingOf } from './daemon/restart.js';
import { type ActionQuestion, planAction, type Planned } from './plan.js';
import { inCaches, inKernel } from './situation.js';

/** How an action is to be done. */
export interface ActionManner {
  /** Whether only what would be done is wanted: nothing is touched then. */
  dryRun: boolean;
  /** Asks the operator. Throws where that one does not want it. */
  confirm: (plan: ActionPlan) => Promise<void>;
}

/**
 * Does an action on this node: looks at it, asks, and does one step after the other, each of which is looked after. Once it has
 * begun, whoever ends us does not end it half way.
 *
 * @throws Failure PERMISSION_DENIED, ACTION_REFUSED, NOT_CONFIRMED, and where the daemon does not answer: nothing was touched
 */
export async function performAction(
  question: ActionQuestion,
  { dryRun, confirm }: ActionManner,
  options: SourceOptions,
): Promise<ActionReport> {
  const reading = { ...askingOf(question.daemon.path, options), abort: options.abort };
  if (!dryRun) refuseUnlessRoot(question, options);
  const planned = await planAction(question, reading);
  if (dryRun) return reportOf(planned.plan, 'dry-run', {});
  await confirm(planned.plan);
  return withoutTheHook(question, async () => {
    const now = await planAction(question, reading);
    refuseIfOther(planned, now);
    return done(now, askingOf(question.daemon.path, options));
  });
}

function refuseUnlessRoot({ action }: ActionQuestion, { place }: SourceOptions): void {
  if (place.isRoot) return;
  throw new Failure('PERMISSION_DENIED', `Only root may run "${action}", not ${place.userName}.`, {
    next: 'Run ctsync as root. Nothing was touched.',
  });
}

/** A transition that comes meanwhile waits: it would find caches that are just emptied, or a daemon that is just restarted. */
async function withoutTheHook(question: ActionQuestion, work: () => Promise<ActionReport>): Promise<ActionReport> {
  const letGo = await holdLock(failoverLock());
  if (letGo === undefined) {
    throw new Failure('ACTION_REFUSED', 'The failover hook, or another action of ctsync, is at work on this node.', {
      next: `Wait until it has ended, and run "${question.action}" again. Nothing was touched.`,
    });
  }
  try {
    return await work();
  } finally {
    await letGo();
  }
}

/** An operator may have thought for long. */
function refuseIfOther(asked: Planned, now: Planned): void {
  const words = ({ plan: { role, steps } }: Planned): string => JSON.stringify([role, steps]);
  if (words(asked) === words(now)) return;
  throw new Failure('ACTION_REFUSED', 'This node is not what it was when you were asked: its role has changed.', {
    next: 'Look at "ctsync show conntrack-sync status", and decide anew. Nothing was touched.',
  });
}

async function done({ plan, steps }: Planned, options: SourceOptions): Promise<ActionReport> {
  const unlogged = await tellSyslog(plan, 'begun');
  const result = await carryOut(steps, plan.at_stake, options);
  const outcome = outcomeOf(result.steps);
  const left = await leftOf(plan, options);
  await tellSyslog(plan, result.steps.map(({ command, outcome: became }) => `${command}: ${became}`).join(', '));
  const report = reportOf(plan, outcome, { steps: result.steps, ...(left === undefined ? {} : { left }) });
  const failure = failureOf(plan, outcome, result);
  const notes = [...plan.notes, ...unlogged];
  return { ...report, notes, ...(failure === undefined ? {} : { failure }) };
}

function reportOf(
  { host: _host, ...plan }: ActionPlan,
  outcome: ActionReport['outcome'],
  result: Partial<ActionReport>,
): ActionReport {
  return { ...plan, outcome, ...result };
}

/** What of an action is known to be done. */
export function outcomeOf(steps: readonly ActionStep[]): 'done' | 'partly' | 'failed' {
  if (steps.every(({ outcome }) => outcome === 'done')) return 'done';
  const begun = steps.some(({ outcome, committed }) => outcome === 'done' || outcome === 'unverified' || committed);
  return begun ? 'partly' : 'failed';
}

function failureOf(
  { action }: ActionPlan,
  outcome: 'done' | 'partly' | 'failed',
  { steps, next }: CarriedOut,
): ActionReport['failure'] {
  const bad = steps.find(({ outcome: became }) => became !== 'done');
  if (outcome === 'done' || bad === undefined) return undefined;
  const became = {
    unverified: `was taken, but whether it was done is not known: ${bad.evidence ?? ''}`,
    timeout: `was not answered: ${bad.evidence ?? ''}`,
    failed: `failed: ${bad.evidence ?? ''}`,
  }[bad.outcome as 'unverified' | 'timeout' | 'failed'];
  return {
    code: bad.outcome === 'timeout' ? 'TIMEOUT' : 'ACTION_FAILED',
    message: `"${action}" is ${outcome === 'partly' ? 'only partly known to be done' : 'not done'}: ${bad.command} ${became}.`,
    ...(next === undefined ? {} : { next }),
  };
}

async function leftOf({ action }: ActionPlan, options: SourceOptions): Promise<FlowsAtStake | undefined> {
  try {
    return await (action === 'reset conntrack' ? inKernel(options) : inCaches(options));
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** A sentence where it could not be logged, which keeps nobody from an action at night. */
async function tellSyslog({ action, role }: ActionPlan, what: string): Promise<string[]> {
  const text = `${operatorName()} on this ${role} node: ctsync ${action}: ${what}`;
  const logged = await askTool(syslogLine(text)).then(succeeded, () => false);
  return logged ? [] : ['This action could not be logged to syslog: logger failed, or is not installed.'];
}
