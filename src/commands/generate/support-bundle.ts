import { keyAt, newKey } from '../../bundle/clean/key.js';
import { BundleWriter } from '../../bundle/archive/write.js';
import { bundlePath } from '../../bundle/collect/bundle-path.js';
import { collectBundle } from '../../bundle/collect/collect.js';
import { listingOf } from '../../bundle/collect/listing.js';
import { bundleFlags } from '../../cli/bundle-flags.js';
import { CollectingCommand } from '../../cli/collecting-command.js';
import { envelope } from '../../cli/envelope.js';
import { Failure } from '../../model/failure.js';
import { sinceOf } from '../../readers/daemon-log/question.js';
import { readNode, SAMPLE_MS } from '../../readers/node/node.js';
import { renderBundleMade, renderBundlePlan } from '../../renderers/bundle-page.js';
import { toJson } from '../../renderers/json.js';
import type { SourceOptions } from '../../sources/options.js';

export default class GenerateSupportBundle extends CollectingCommand {
  static override readonly summary = 'collect all that a node, or both of a pair, have to say into one file';
  static override readonly description = `The kernel's tables, expectations, counters and settings, every page of conntrackd, its caches, both configurations, the last transition, logs, firewall rules, addresses, routes and neighbours, versions, and our findings at that time: as their tools and files have them, with a manifest that says of each how it was had. Counters are read twice, ten seconds apart, so that what rises can be seen.

Nothing stops it: what can't be had is listed with its reason, and a conntrackd that hangs costs its deadline once. There is a whole archive at the end or none; only you can read it.

Passwords and keys are always removed. With --clean, addresses, hardware addresses, host names and user names are replaced by others, the same everywhere, so that networks still fit together; docs/cleaning.md says what stays.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --peer fw2 --clean',
    '<%= config.bin %> <%= command.id %> --clean --key-file ./case-4711.key --output /var/tmp/fw1.tar.gz',
    '<%= config.bin %> <%= command.id %> --dry-run',
  ];
  static override readonly flags = bundleFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(GenerateSupportBundle);
    if (flags.from !== undefined) {
      throw new Failure('USAGE', 'A bundle is collected from a host, not from a capture.', {
        next: 'Leave --from out.',
      });
    }
    const source = await this.source(flags);
    const question = { keepalivedConfig: flags['keepalived-config'], since: sinceOf(flags.since) };
    const head = envelope({ schema: 'ctsync/support-bundle/1' as const }, source);
    if (flags['dry-run']) {
      const plan = await listingOf(question, source);
      return this.showDocument({ ...head, plan, complete: true }, () => renderBundlePlan(plan));
    }
    const path = flags.output ?? bundlePath(flags.clean ? 'clean' : source.place.hostName, new Date());
    const key = flags['key-file'] === undefined ? (flags.clean ? newKey() : undefined) : keyAt(flags['key-file']);
    const peer = flags.peer === undefined ? undefined : await this.peer(flags.peer, flags);
    const lost = peer instanceof Failure ? { host: flags.peer!, failure: peer } : undefined;
    const writer = await BundleWriter.open({ path, replace: false }, this.interruption.signal);
    const progress = this.collecting();
    try {
      const manifest = await collectBundle(
        peer === undefined || peer instanceof Failure ? [source] : [source, peer],
        {
          ...question,
          maxBytes: flags['max-bytes'],
          maxRows: flags['max-rows'],
          key,
          lost,
          tool: this.config.version,
          judge: (options) => this.judged(flags['keepalived-config'], options),
          onItem: progress.onItem,
        },
        writer,
      );
      progress.end();
      await this.showDocument({ ...head, path, manifest, complete: manifest.complete }, () =>
        renderBundleMade(path, manifest, this.terminalColumns),
      );
      if (!manifest.complete) this.concludeIncomplete();
    } finally {
      progress.end();
      await writer.discard();
    }
  }

  /** The status of a node with its findings, as a document. */
  private async judged(keepalivedConfig: string | undefined, options: SourceOptions): Promise<string> {
    const sampling = { wait: SAMPLE_MS, waiting: () => () => undefined };
    const comparing = { when: 'small' as const, follow: <T>(flows: T) => flows };
    const { status, health } = await readNode({ keepalivedConfig, version: true, sampling, comparing }, options);
    return `${toJson({ ...envelope({ schema: 'ctsync/sync-status/1' }, options), status, health })}\n`;
  }
}
