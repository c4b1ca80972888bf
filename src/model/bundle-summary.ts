import type { BundleManifest } from './bundle.js';
import type { Finding } from './health.js';

/** How a node was when it was collected, by its own findings document. */
export interface NodeVerdict {
  /** Its name in the bundle. */
  node: string;
  /** `critical`, `warning`, `unknown` or `ok`; absent where the document is not there, or was altered since. */
  verdict?: string;
  findings?: Finding[];
}

/** What a support bundle says of itself and of its nodes. */
export interface BundleSummary {
  manifest: BundleManifest;
  verdicts: NodeVerdict[];
  /** What is wrong with the bundle, in sentences: altered, missing and unlisted files. */
  problems: string[];
}
