import * as Args from '@oclif/core/args';
import { compareBundles } from '../../bundle/compare/compare.js';
import { ReadCommand } from '../../cli/base-command.js';
import { compareFlags } from '../../cli/compare-flags.js';
import { openingOf, refuseOtherSources } from '../../cli/opening-flags.js';
import { isWholeComparison } from '../../model/bundle-comparison.js';
import { renderComparison } from '../../renderers/comparison-page.js';

export default class CompareBundle extends ReadCommand {
  static override readonly summary = 'show what changed between two support bundles';
  static override readonly description = `Opens two bundles of "generate support-bundle" of one node, or of one pair, at two times, and shows what came, went and changed from A to B: versions, the boot, the statements of both configurations, the kernel's settings, firewall rules, addresses, links, role and verdict, findings, counters of trouble, and how many flows both tables have.

Nodes are matched by the name of their host. Counters that began again because conntrackd or the node was started anew are told as that, and not as a fall. Addresses that were replaced under two keys can't be compared, which is noticed and said. docs/bundle.md says what counts as a difference.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> monday.tar.gz tuesday.tar.gz',
    '<%= config.bin %> <%= command.id %> fw1.tar.gz fw2.tar.gz --node fw1=fw2',
    '<%= config.bin %> <%= command.id %> monday.tar.gz tuesday.tar.gz --json | jq .nodes[].different',
  ];
  static override readonly flags = compareFlags;
  static override readonly args = {
    a: Args.string({
      description: 'the first bundle: a file, a folder, or - for stdin',
      required: true,
      ignoreStdin: true,
    }),
    b: Args.string({ description: 'the second bundle', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(CompareBundle);
    refuseOtherSources({ from: flags.from, host: flags.host });
    const opening = openingOf(flags, this.interruption.signal);
    const comparison = await compareBundles(args.a, args.b, { ...opening, nodes: flags.node ?? [] });
    const complete = isWholeComparison(comparison);
    const head = { schema: 'ctsync/bundle-comparison/1' as const, source: 'capture' as const };
    await this.showDocument({ ...head, ...comparison, complete }, () =>
      renderComparison(comparison, this.terminalColumns),
    );
    if (!complete) this.concludeIncomplete();
    else if (comparison.differs) this.concludeNo();
  }
}
