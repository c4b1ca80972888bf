import { Failure } from '../../model/failure.js';
import type { Health } from '../../model/health.js';
import type { NodeObservation } from '../../model/node-observation.js';
import type { SourceOptions } from '../../sources/options.js';
import type { Waiting } from '../between-readings.js';
import { readBaseline, saveBaseline } from './baseline.js';
import { type NodeQuestion, observeKernel, readNode, type Sampling } from './node.js';

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
  notes: string[];
}

const SAMPLE_MS = 3000;

/**
 * This node for a check.
 *
 * @throws Failure OUTPUT_FAILED where the state file can't be read or written; INTERRUPTED
 */
export async function checkNode(
  { keepalivedConfig, comparing, ...question }: SyncQuestion,
  options: SourceOptions,
): Promise<Checked & { health: Health }> {
  let health: Health | undefined;
  const checked = await sampled(question, async (sampling) => {
    const reading = await readNode({ keepalivedConfig, comparing, sampling }, options);
    ({ health } = reading);
    return reading.node;
  });
  return { ...checked, health: health! };
}

/** The kernel's table alone. Same failures as {@link checkNode}. */
export async function checkKernelTable(question: CheckQuestion, options: SourceOptions): Promise<Checked> {
  if (options.from !== undefined) {
    throw new Failure('USAGE', "--from is for conntrackd's files, and the kernel's counters are none of them.", {
      next: 'Leave it out.',
    });
  }
  return sampled(question, (sampling) => observeKernel(sampling, options));
}

async function sampled(
  { stateFile, waiting }: CheckQuestion,
  observe: (sampling: Sampling) => Promise<NodeObservation>,
): Promise<Checked> {
  if (stateFile === undefined) return { node: await observe({ wait: SAMPLE_MS, waiting }), notes: [] };
  const { sample, missing } = await readBaseline(stateFile);
  const node = await observe({ ...(sample ? { before: sample } : {}), waiting });
  await saveBaseline(stateFile, node.now);
  return { node, notes: missing === undefined ? [] : [`No rates: ${missing}.`] };
}
