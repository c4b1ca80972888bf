import type { ActionStep, FlowsAtStake } from '../model/action.js';
import { Failure } from '../model/failure.js';
import { parseLinks } from '../parsers/links.js';
import { askDaemon } from '../readers/daemon.js';
import { succeeded, toolFailure } from '../readers/tool-failure.js';
import type { SourceOptions } from '../sources/options.js';
import { pause } from '../sources/pause.js';
import { askTool } from '../sources/process.js';
import { linkStatistics } from '../sources/queries.js';
import { restarted, runningDaemon } from './daemon/restart.js';
import { goesOn, type StepResult } from './outcome.js';
import { halfOf, nextOf, requested } from './requested.js';
import { inKernel } from './situation.js';
import type { PlannedStep } from './steps.js';

/** A new daemon takes its links for NO-CARRIER until the kernel has announced their carrier: about a second. */
const LINK_MS = 5000;
const PAUSE_MS = 50;

/** What became of the steps, and what to do next where one failed. */
export interface CarriedOut {
  steps: ActionStep[];
  next?: string;
}

/** Does one step after the other, each once, until one fails: what it leaves behind is what the next ones build on. */
export async function carryOut(
  steps: readonly PlannedStep[],
  before: FlowsAtStake,
  options: SourceOptions,
): Promise<CarriedOut> {
  const done: ActionStep[] = [];
  let last: StepResult | undefined;
  for (const planned of steps) {
    const { does: step, command } = planned;
    if (last !== undefined && !goesOn(last)) {
      done.push({ step, command, outcome: 'not_done' });
      continue;
    }
    const begin = performance.now();
    last = await oneStep(planned, before, options);
    const { outcome, evidence, committed } = last;
    done.push({
      step,
      command,
      outcome,
      seconds: Math.round(performance.now() - begin) / 1000,
      ...(evidence === undefined ? {} : { evidence }),
      ...(committed === undefined ? {} : { committed }),
    });
  }
  return { steps: done, ...(last?.next === undefined ? {} : { next: last.next }) };
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
    const { [table]: left } = await inKernel(options);
    const were = before === undefined ? '' : `, ${before} before`;
    return { outcome: 'done', ...(left === undefined ? {} : { evidence: `${left} there now${were}` }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const outcome = error.code === 'TIMEOUT' ? 'timeout' : 'failed';
    return { outcome, evidence: halfOf(error), ...nextOf(error) };
  }
}

async function restartedAnew({ daemon }: PlannedStep & { by: 'restart' }, options: SourceOptions): Promise<StepResult> {
  try {
    const old = await runningDaemon(daemon.path, options);
    const { pid } = await restarted(daemon, old, options);
    const carrier = (await linkRuns(options)) ? '' : ', but none of its dedicated links runs';
    return { outcome: 'done', evidence: `it answers as process ${pid}${carrier}` };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { outcome: 'failed', evidence: halfOf(error), ...nextOf(error) };
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
