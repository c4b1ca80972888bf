import * as Flags from '@oclif/core/flags';
import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { compareCacheFlag, keepalivedConfigFlag } from '../../../cli/flags.js';
import { type NodeQuestion, readNode, SAMPLE_MS } from '../../../readers/node/node.js';
import { renderStatusPage } from '../../../renderers/status-page.js';

export default class ShowConntrackSyncStatus extends ReadCommand {
  static override readonly summary = 'show what this node is and does in the pair, and whether it is well';
  static override readonly description = `Reads conntrackd's and keepalived's configuration and the last transition that the notify script recorded, asks conntrackd for its uptime, its links and its caches, and tells the role by the virtual addresses that the node holds, whatever a file says.

The last line is the verdict: OK, or the worst finding and how many more there are. It is told by two samples of all counters, three seconds apart, or five where nothing came from the peer meanwhile. On a master, the internal cache is compared with the flows of the kernel's table that belong into it, by itself where there are no more than 20,000, else with --compare-cache.

What can't be read is named with its reason; the rest of the page stands, and the exit code is 4. What is not in a capture, or can be seen by root alone of a daemon that answers, is named too, with exit code 0.

With --from, reads a folder that holds any of conntrackd.conf, keepalived.conf, failover-state, s.txt, s-runtime.txt and s-link.txt.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --verbose',
    '<%= config.bin %> <%= command.id %> --no-sample',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.health.findings[].code'",
    '<%= config.bin %> <%= command.id %> --from captured-status/',
  ];
  static override readonly flags = {
    'keepalived-config': keepalivedConfigFlag,
    verbose: Flags.boolean({ summary: 'show every finding with its evidence, and what was not checked' }),
    'compare-cache': compareCacheFlag,
    'no-sample': Flags.boolean({ summary: 'do not wait for a second sample; what rises is then not known' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackSyncStatus);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/sync-status/1' }, source);
    const sampling = {
      ...(flags['no-sample'] ? {} : { wait: SAMPLE_MS }),
      waiting: (milliseconds: number) => this.waiting(milliseconds),
    };
    const unasked = flags['no-sample'] ? 'never' : 'small';
    const question: NodeQuestion = {
      keepalivedConfig: flags['keepalived-config'],
      version: true,
      sampling,
      comparing: {
        when: flags['compare-cache'] ? 'asked' : unasked,
        follow: (flows) => this.followed(flows),
      },
    };
    const { status, health } = await readNode(question, source);
    const live = source.from === undefined;
    const complete = status.unavailable.every(({ code }) => code === undefined);
    const surroundings = {
      columns: this.terminalColumns,
      verbose: flags.verbose,
      ...(live ? { now: source.place.clock.now() } : {}),
    };
    await this.showDocument({ ...head, status, health, ...(live || !complete ? { complete } : {}) }, () =>
      renderStatusPage(status, health, surroundings),
    );
    if (!complete) this.concludeIncomplete();
  }
}
