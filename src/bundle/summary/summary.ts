import type { BundleSummary, NodeVerdict } from '../../model/bundle-summary.js';
import type { BundleNode } from '../../model/bundle.js';
import type { Finding } from '../../model/health.js';
import type { Bundle } from '../archive/bundle.js';
import { openBundle, type OpenOptions } from '../archive/open.js';
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
      summary.verdicts.push(await verdictOn(node, bundle));
      summary.counters.push(await countersOf(contents));
      const talkers = await talkersOf(contents, options.abort);
      if (talkers) summary.talkers.push(talkers);
    }
    return summary;
  } finally {
    await bundle.close();
  }
}

/** The findings document is ours, but whoever had the bundle may have altered it. */
async function verdictOn(node: BundleNode, bundle: Bundle): Promise<NodeVerdict> {
  const found = node.items.find(({ name }) => name === 'findings.json');
  if (found === undefined || !bundle.isIntact(found)) return { node: node.name };
  const { health } = parsed(await bundle.text(found, 'utf8'));
  const { verdict, findings } = (health ?? {}) as { verdict?: unknown; findings?: unknown };
  if (typeof verdict !== 'string' || !Array.isArray(findings)) return { node: node.name };
  return { node: node.name, verdict, findings: findings.filter(isFinding) };
}

function parsed(text: string): { health?: unknown } {
  try {
    return (JSON.parse(text) as { health?: unknown } | null) ?? {};
  } catch {
    return {};
  }
}

function isFinding(value: unknown): value is Finding {
  const { code, severity, message } = (value ?? {}) as Partial<Record<string, unknown>>;
  return [code, severity, message].every((field) => typeof field === 'string');
}
