import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { readConntrackStatistics } from '../../../readers/conntrack-statistics.js';
import { renderConntrackStatistics } from '../../../renderers/conntrack-statistics-page.js';

export default class ShowConntrackStatistics extends ReadCommand {
  static override readonly summary = "show the kernel's counters of connection tracking";
  static override readonly description = `Runs "conntrack -S" and "conntrack -S expect" and shows each counter with its total over all CPUs, and with the figure of each CPU where they fit.

Where conntrack may not ask the kernel, or is not installed, /proc/net/stat/nf_conntrack tells the same to everybody; its names are shown in conntrack's spelling. The counters count since the start of this network namespace, and those of a CPU begin again at 0 after 4294967295. docs/statistics.md says what each of them means.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq '.statistics.total'",
    '<%= config.bin %> <%= command.id %> --from /proc/net/stat/nf_conntrack',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackStatistics);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/conntrack-statistics/1' }, source);
    const reading = await readConntrackStatistics(source);
    await this.showJudged({ ...head, statistics: reading.statistics }, reading, (sink) =>
      renderConntrackStatistics(reading.statistics, sink),
    );
  }
}
