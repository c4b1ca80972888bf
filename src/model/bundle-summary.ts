import type { NodeCounters } from './bundle-counters.js';
import type { BundleManifest } from './bundle.js';
import type { FlowTop } from './flow-top.js';
import type { Finding } from './health.js';

/** How a node was when it was collected, by its own findings document. */
export interface NodeVerdict {
  /** Its name in the bundle. */
  node: string;
  /** `critical`, `warning`, `unknown` or `ok`; absent where the document is not there, or was altered since. */
  verdict?: string;
  findings?: Finding[];
}

/** Who had the most in the kernel's tables of a node: sources by their bytes, or by their flows where no bytes were counted. */
export interface NodeTalkers extends FlowTop {
  /** Its name in the bundle. */
  node: string;
  /** Whether the tables of both families are there as a whole. */
  complete: boolean;
  /** Why they are not, and what an operator should read with them, in sentences. */
  notes?: string[];
}

/** What a support bundle says of itself and of its nodes. */
export interface BundleSummary {
  manifest: BundleManifest;
  verdicts: NodeVerdict[];
  /** Of each node; absent in documents of older versions. */
  counters?: NodeCounters[];
  /** Of each node that has a table; absent in documents of older versions. */
  talkers?: NodeTalkers[];
  /** What is wrong with the bundle, in sentences: altered, missing and unlisted files. */
  problems: string[];
}

/** Whether what a summary says can be taken for all of it: nothing was altered, and what is there could be read to its end. */
export function isWhole({ problems, counters = [], talkers = [] }: BundleSummary): boolean {
  const lacking = counters.some(({ lacks = [] }) => lacks.length > 0);
  return problems.length === 0 && !lacking && talkers.every(({ complete }) => complete);
}
