import type { Beside, CheckName } from '../../model/check.js';
import type { SignedSample } from '../../model/daemon-sign.js';
import { Failure } from '../../model/failure.js';
import type { Health } from '../../model/health.js';
import type { NodeObservation } from '../../model/node-observation.js';
import type { SourceOptions } from '../../sources/options.js';
import { healthOf } from '../../sync/health.js';
import { waitBetween, type Waiting } from '../between-readings.js';
import { processSign } from '../process-sign.js';
import { type Compared, comparedWith } from './compared-node.js';
import { type NodeQuestion, observeKernel, readNode, SAMPLE_MS, type Sampling } from './node.js';
import { StateFile } from './state-file.js';
import { untilConfirmed } from './until-confirmed.js';

/** How a check asks. */
export interface CheckQuestion {
  /** Where samples are kept from one run to the next; without it two are taken. */
  stateFile?: string | undefined;
  waiting: Waiting;
}

/** How a check of conntrackd and the pair asks. */
export type SyncQuestion = CheckQuestion & Omit<NodeQuestion, 'sampling'>;

/** What a check judges, and what is to be said with it. */
export interface Checked {
  node: NodeObservation;
  beside: Beside;
}

/**
 * This node for a check.
 *
 * @throws Failure INTERRUPTED
 */
export async function checkNode(
  { keepalivedConfig, comparing, ...question }: SyncQuestion,
  options: SourceOptions,
): Promise<Checked & { health: Health }> {
  const checked = await sampled('conntrack-sync', question, options, async (sampling) => {
    const { node } = await readNode({ keepalivedConfig, comparing, sampling }, options);
    return node;
  });
  return { ...checked, health: healthOf(checked.node) };
}

/**
 * The kernel's table alone.
 *
 * @throws Failure USAGE for a capture; INTERRUPTED
 */
export async function checkKernelTable(question: CheckQuestion, options: SourceOptions): Promise<Checked> {
  if (options.from !== undefined) {
    throw new Failure('USAGE', "--from is for conntrackd's files, and the kernel's counters are none of them.", {
      next: 'Leave it out.',
    });
  }
  return sampled('conntrack', question, options, (sampling) => observeKernel(sampling, options));
}

async function sampled(
  check: CheckName,
  { stateFile, waiting }: CheckQuestion,
  options: SourceOptions,
  observe: (sampling: Sampling) => Promise<NodeObservation>,
): Promise<Checked> {
  if (stateFile === undefined) {
    return checkedOf({ node: await observe({ wait: SAMPLE_MS, unlessGone: true, waiting }), notes: [] });
  }
  const sign = (): Promise<Pick<SignedSample, 'process'>> =>
    check === 'conntrack' ? Promise.resolve({}) : processSign(options);
  // Asked for on either side of the sample: a restart between a sign and its sample is then seen, too.
  const signBefore = await sign();
  const state = new StateFile(stateFile, check);
  const baseline = state.read();
  const compare = async (node: NodeObservation): Promise<Compared> =>
    comparedWith(node, await sign(), baseline, stateFile);
  const again = async ({ node }: Compared): Promise<Compared> =>
    compare({ ...(await observe({ waiting })), between: node.now });
  const waitFor = (time: number): Promise<void> => waitBetween(time, options, waiting);
  const compared = await untilConfirmed(await compare(await observe({ waiting })), again, waitFor);
  const { node } = compared;
  // A daemon that is silent leaves nothing to compare: what it counts meanwhile is judged by the sample before, once it answers.
  if (node.daemonFailure === undefined || baseline.kept === undefined)
    await state.save({ sample: node.now, ...signBefore }, options.abort);
  return checkedOf(compared, state.doubts);
}

function checkedOf({ node, notes }: Compared, doubts: Beside['doubts'] = []): Checked {
  const { restarted } = node;
  const ofRestart = `No rates of conntrackd: ${restarted} since the earlier sample, and counts from 0 again.`;
  return { node, beside: { notes: [...notes, ...(restarted === undefined ? [] : [ofRestart])], doubts } };
}
