import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { intervalFlag } from '../../../cli/interval-flag.js';
import { DAEMON_PAGES, type DaemonPageName } from '../../../model/daemon-pages.js';
import { readSyncStatistics } from '../../../readers/sync-statistics.js';
import { renderStatisticsPage } from '../../../renderers/statistics-page.js';

export default class ShowConntrackSyncStatistics extends ReadCommand {
  static override readonly summary = "show conntrackd's statistics";
  static override readonly description = `Runs "conntrackd -s", and "conntrackd -s expect" where expectations are synchronised, and shows what this node keeps for itself (cache internal), what the peer has sent (cache external) and what passed over the dedicated link in use. PAGE names another of conntrackd's pages, --all shows them all; a page that is empty says why.

The totals count since the daemon was started. Lost messages alone are no fault: in FTFW mode they are sent again. With --interval the pages are read twice, and each counter has its rate; a restart of the daemon and another active link are noticed.

With --from, --all reads a folder that holds any of s.txt, s-expect.txt, s-network.txt, s-cache.txt, s-runtime.txt, s-link.txt, s-queue.txt, s-rsqueue.txt and s-process.txt.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq '.statistics.main.messages'",
    'conntrackd -s | <%= config.bin %> <%= command.id %> --from -',
    '<%= config.bin %> <%= command.id %> network --interval 5',
    '<%= config.bin %> <%= command.id %> --all --from captured-pages/',
  ];
  static override readonly args = {
    page: Args.custom<DaemonPageName>({
      description: "one of conntrackd's pages [default: main, and expect where expectations are synchronised]",
      options: [...DAEMON_PAGES],
      // What stands there may be a capture (--from -), and is no word.
      ignoreStdin: true,
    })(),
  };
  static override readonly flags = {
    all: Flags.boolean({ summary: 'all pages, those that are empty with the reason' }),
    interval: intervalFlag(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ShowConntrackSyncStatistics);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/sync-statistics/1' }, source);
    const question = { page: args.page, all: flags.all, interval: flags.interval };
    const answer = await readSyncStatistics(source, question, (milliseconds) => this.waiting(milliseconds));
    const { statistics, interval, rates } = answer;
    await this.showJudged({ ...head, statistics, interval, rates }, answer, () =>
      renderStatisticsPage(statistics, { all: flags.all, interval, rates }),
    );
  }
}
