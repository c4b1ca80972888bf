import * as Args from '@oclif/core/args';
import { summaryOf } from '../../bundle/summary/summary.js';
import { ReadCommand } from '../../cli/base-command.js';
import { showsBlocks } from '../../cli/blocks.js';
import { openingOf, refuseOtherSources } from '../../cli/opening-flags.js';
import { isWhole } from '../../model/bundle-summary.js';
import { renderBundleSummary } from '../../renderers/bundle-page.js';

export default class ShowBundle extends ReadCommand {
  static override readonly summary = 'show what a support bundle holds, and how the nodes were';
  static override readonly description = `Opens a bundle of "generate support-bundle", an archive or the folder that it was unpacked into, and shows when and where it was made, the verdict on each node at that time with its findings, what is missing or was altered since, how full the table and the caches were, which counters of trouble there are and what they rose by between their two readings, and the ten sources with the most bytes (flows, where no bytes were counted). Nothing of it is run or believed: names that lead out of it, links, devices and what unpacks to too much are refused.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ctsync-fw1-20261126T040000Z.tar.gz',
    '<%= config.bin %> <%= command.id %> bundle.tar.gz --json | jq .manifest.nodes[].items[].name',
  ];
  static override readonly args = {
    bundle: Args.string({ description: 'the file, a folder, or - for stdin', required: true, ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ShowBundle);
    refuseOtherSources(flags);
    const summary = await summaryOf(args.bundle, openingOf(flags, this.interruption.signal));
    const complete = isWhole(summary);
    const head = { schema: 'ctsync/bundle-summary/1' as const, source: 'capture' as const };
    await this.showDocument({ ...head, ...summary, complete }, () =>
      renderBundleSummary(summary, { terminal: this.terminalColumns, blocks: showsBlocks() }),
    );
    if (!complete) this.concludeIncomplete();
  }
}
