import type { BundleSummary, NodeVerdict } from '../../model/bundle-summary.js';
import { openBundle, type OpenOptions } from '../archive/open.js';
import { type Judgement, judgementOf, leftOut } from '../contents/judgement.js';
import { NodeContents } from '../contents/node-contents.js';
import { countersOf } from './counters.js';
import { talkersOf } from './talkers.js';

/**
 * What a bundle says of itself and of its nodes.
 *
 * @param path the archive, its folder, or `-`
 * @throws Failure BAD_CAPTURE, CAPTURE_UNREADABLE, INTERRUPTED, OUTPUT_FAILED where there is no room to unpack it
 */
export async function summaryOf(
  path: string,
  options: OpenOptions & { abort: AbortSignal },
): Promise<Required<BundleSummary>> {
  const bundle = await openBundle(path, options);
  try {
    const { manifest } = bundle;
    const summary: Required<BundleSummary> = {
      manifest,
      verdicts: [],
      counters: [],
      talkers: [],
      problems: [...bundle.problems],
    };
    for (const node of manifest.nodes) {
      const contents = new NodeContents(bundle, node);
      const judgement = await judgementOf(contents);
      summary.verdicts.push(verdictOn(node.name, judgement));
      const problem = judgement && leftOut(judgement, node.name);
      if (problem !== undefined) summary.problems.push(problem);
      summary.counters.push(await countersOf(contents));
      const talkers = await talkersOf(contents, options.abort);
      if (talkers) summary.talkers.push(talkers);
    }
    return summary;
  } finally {
    await bundle.close();
  }
}

function verdictOn(node: string, judgement: Judgement | undefined): NodeVerdict {
  return judgement ? { node, verdict: judgement.verdict, findings: judgement.findings } : { node };
}
