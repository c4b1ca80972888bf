import type { SignedSample } from '../../model/daemon-sign.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { earlierFor } from '../../sync/check/earlier.js';
import { kernelFigures, syncFigures } from '../../sync/check/figures.js';
import { healthOf } from '../../sync/health.js';
import { type Baseline, damaged } from './baseline.js';

type Sign = Pick<SignedSample, 'process'>;

/** A node with the earlier sample that it can be compared with. */
export interface Compared {
  node: NodeObservation;
  /** Sentences. */
  notes: string[];
}

/** A node of which two samples were taken, one after the other. */
export function comparedWithin(node: NodeObservation, signBefore: Sign, signNow: Sign): NodeObservation {
  return node.before === undefined ? node : joined(node, { sample: node.before, ...signBefore }, signNow);
}

/**
 * A node of which one sample was taken, with that of an earlier run. What a state file holds may be anything, whoever wrote
 * it: what rules and figures can't deal with is as good as damaged.
 */
export function comparedWith(node: NodeObservation, signNow: Sign, baseline: Baseline, path: string): Compared {
  const { kept, missing } = baseline;
  if (kept === undefined) return without(node, missing);
  try {
    const compared = joined(node, kept, signNow);
    healthOf(compared);
    syncFigures(compared);
    kernelFigures(compared);
    return { node: compared, notes: [] };
  } catch {
    return without(node, damaged(path).missing);
  }
}

function without(node: NodeObservation, missing = 'there is no baseline'): Compared {
  return { node: { ...node, unread: { ...node.unread, before: missing } }, notes: [`No rates: ${missing}.`] };
}

function joined(node: NodeObservation, kept: SignedSample, signNow: Sign): NodeObservation {
  const { before, restarted } = earlierFor({ sample: node.now, ...signNow }, kept);
  if (restarted === undefined) return { ...node, before };
  const gone = Object.fromEntries(OF_DAEMON.map((field) => [field, restarted]));
  return { ...node, before, restarted, unread: { ...gone, ...node.unread } };
}

/** What the rules that need an earlier sample then miss, by the names of {@link NodeObservation.unread}. */
const OF_DAEMON = ['before', 'main', 'runtime', 'network', 'cache', 'link', 'queue', 'sockets'];
