import type { FactComparison } from '../../model/bundle-comparison.js';
import type { BundleNode } from '../../model/bundle.js';
import type { ItemText } from '../contents/node-contents.js';
import { type Both, bothTexts, Facts } from './both.js';
import { differentValues } from './differences.js';

/** Where a version stands, and what of that is the version. */
const VERSIONS: readonly (readonly [of: string, name: string, version: (found: ItemText) => string | undefined])[] = [
  ['kernel build', 'kernel/version.txt', firstLine],
  ['system', 'kernel/os-release.txt', ({ text }) => /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1]],
  ['conntrack', 'versions/conntrack.txt', firstLine],
  ['conntrackd', 'versions/conntrackd.txt', firstLine],
  ['keepalived', 'versions/keepalived.txt', firstLine],
];

/** What runs on the node: kernel, distribution, and the versions of the tools. */
export async function comparedVersions(both: Both): Promise<FactComparison> {
  const facts = new Facts('versions');
  addKnown(facts, 'ctsync', both, ({ versions: { ctsync } }) => ctsync);
  addKnown(facts, 'kernel', both, ({ kernel }) => kernel);
  for (const [of, name, version] of VERSIONS) {
    const texts = await bothTexts(name, both, facts);
    if (texts) facts.add(differentValues(valueOf(of, version(texts[0])), valueOf(of, version(texts[1]))));
  }
  return facts.comparison;
}

/** Whether it was started anew. */
export function comparedBoots(both: Both): FactComparison {
  const facts = new Facts('boot');
  addKnown(facts, 'boot id', both, ({ boot_id: boot }) => boot);
  return facts.comparison;
}

/** What a manifest does not tell says nothing. */
function addKnown(facts: Facts, of: string, { a, b }: Both, tell: (node: BundleNode) => string | undefined): void {
  const [first, second] = [tell(a.node), tell(b.node)];
  if (first !== undefined && second !== undefined) facts.add(differentValues(valueOf(of, first), valueOf(of, second)));
}

function valueOf(of: string, value: string | undefined): ReadonlyMap<string, string> {
  return new Map(value === undefined ? [] : [[of, value]]);
}

/** keepalived tells its version on stderr. */
function firstLine({ text, item: { stderr = '' } }: ItemText): string | undefined {
  return (text.trim() || stderr.trim()).split('\n')[0] || undefined;
}
