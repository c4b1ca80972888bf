import type { ActionStep, FlowsAtStake } from '../model/action.js';
import { parseLinks } from '../parsers/links.js';
import { askDaemon } from '../readers/daemon.js';
import { succeeded, toolFailure } from '../readers/tool-failure.js';
import type { SourceOptions } from '../sources/options.js';
import { pause } from '../sources/pause.js';
import { askTool } from '../sources/process.js';
import { linkStatistics } from '../sources/queries.js';
import { restarted, runningDaemon } from './daemon/restart.js';
import { failedBy, goesOn, reasonOf, type StepResult } from './outcome.js';
import { requested, unanswered } from './requested.js';
import { inKernel } from './situation.js';
import { type PlannedStep, shown } from './steps.js';

/** A new daemon takes its links for NO-CARRIER until the kernel has announced their carrier: about a second. */
const LINK_MS = 5000;
const PAUSE_MS = 50;

/** What became of the steps, and of the last one that was begun: what to do next, and whether nobody answered. */
export interface CarriedOut extends Pick<StepResult, 'next' | 'silent'> {
  steps: ActionStep[];
}

/**
 * Does one step after the other, each once, until one fails: what it leaves behind is what the next ones build on.
 *
 * @param tell told of all steps as the first begins, and as each has ended
 */
export async function carryOut(
  steps: readonly PlannedStep[],
  before: FlowsAtStake,
  options: SourceOptions,
  tell: (steps: readonly ActionStep[]) => void,
): Promise<CarriedOut> {
  const all = steps.map(shown);
  let last: StepResult | undefined;
  for (const [index, step] of steps.entries()) {
    tell(all);
    if (last !== undefined && !goesOn(last)) {
      all[index] = { ...shown(step), outcome: 'not_done' };
      continue;
    }
    const begin = performance.now();
    last = await oneStep(step, before, options);
    const { next: _next, silent: _silent, outcome, ...known } = last;
    all[index] = { ...shown(step), outcome, seconds: Math.round(performance.now() - begin) / 1000, ...known };
  }
  return {
    steps: all,
    ...(last?.next === undefined ? {} : { next: last.next }),
    ...(last?.silent ? { silent: true } : {}),
  };
}

function oneStep(step: PlannedStep, before: FlowsAtStake, options: SourceOptions): Promise<StepResult> {
  switch (step.by) {
    case 'daemon':
      return requested(step, options);
    case 'conntrack':
      return emptied(step, before, options);
    case 'restart':
      return restartedAnew(step, options);
  }
}

/** conntrack says that the table has been emptied also where that fails; its exit code is right (formats.md §6). */
async function emptied(
  { request, table }: PlannedStep & { by: 'conntrack' },
  { [table]: before }: FlowsAtStake,
  options: SourceOptions,
): Promise<StepResult> {
  try {
    const answer = await askTool(request);
    if (!succeeded(answer)) throw toolFailure(request, answer, options);
  } catch (error) {
    return unanswered(error);
  }
  const left = await inKernel(options).catch(reasonOf);
  if (typeof left === 'string' || left[table] === undefined) return { outcome: 'done' };
  const were = before === undefined ? '' : `, ${before} before`;
  return { outcome: 'done', evidence: `${left[table]} there now${were}` };
}

async function restartedAnew({ daemon }: PlannedStep & { by: 'restart' }, options: SourceOptions): Promise<StepResult> {
  try {
    const old = await runningDaemon(daemon.path, options);
    const { pid } = await restarted(daemon, old, options);
    const carrier = (await linkRuns(options)) ? '' : ', but none of its dedicated links runs';
    return { outcome: 'done', evidence: `it answers as process ${pid}${carrier}` };
  } catch (error) {
    return { next: 'See what runs now: "ctsync show conntrack-sync status".', ...failedBy(error) };
  }
}

/** What is sent before a link runs is lost. */
async function linkRuns(options: SourceOptions): Promise<boolean> {
  const giveUp = performance.now() + LINK_MS;
  for (;;) {
    const { links } = parseLinks(await askDaemon(linkStatistics(options.query), options));
    if (links.some(({ status }) => status === 'RUNNING')) return true;
    if (performance.now() > giveUp) return false;
    await pause(PAUSE_MS, options.abort);
  }
}
