import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { readSyncStatistics } from '../../../readers/sync-statistics.js';
import { renderStatisticsPage } from '../../../renderers/statistics-page.js';

export default class ShowConntrackSyncStatistics extends ReadCommand {
  static override readonly summary = "show conntrackd's statistics";
  static override readonly description = `Runs "conntrackd -s", and "conntrackd -s expect" where expectations are synchronised, and shows what this node keeps for itself (cache internal), what the peer has sent (cache external) and what passed over the dedicated link in use.

The totals count since the daemon was started. Lost messages alone are no fault: in FTFW mode they are sent again.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq '.statistics.main.messages'",
    'conntrackd -s | <%= config.bin %> <%= command.id %> --from -',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackSyncStatistics);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/sync-statistics/1' }, source);
    const { statistics, ...judged } = await readSyncStatistics(source);
    await this.showJudged({ ...head, statistics }, judged, () => renderStatisticsPage(statistics));
  }
}
