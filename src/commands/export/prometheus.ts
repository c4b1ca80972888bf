import { envelope } from '../../cli/envelope.js';
import { ExportCommand } from '../../cli/export-command.js';
import { exportFlags, textfileFlag } from '../../cli/export-flags.js';
import { readMetrics } from '../../readers/metrics/metrics.js';
import { renderPrometheus } from '../../renderers/prometheus.js';

export default class ExportPrometheus extends ExportCommand {
  static override readonly summary = 'export metrics in the text format of Prometheus';
  static override readonly description = `Reads the kernel's counters, conntrackd's pages and the role of this node, and writes them as metrics; docs/metrics.md lists all of them. No label ever holds an address, a port or a flow, and no flow is looked at without --flows.

With --textfile, the file is written under another name and then renamed, so that node_exporter never reads half of it. A part that can't be read is left out, ctsync_collector_success tells which, and the exit code is 4; a conntrackd that does not answer is asked once.

With --from, reads a folder of captured files: conntrackd.conf, keepalived.conf, failover-state, conntrackd's pages (s-runtime.txt, s-cache.txt …), sysctl.txt, conntrack-S.txt and table.txt.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --textfile /var/lib/prometheus/node-exporter/ctsync.prom',
    '<%= config.bin %> <%= command.id %> --flows | grep ^nf_conntrack_flows',
  ];
  static override readonly flags = { ...exportFlags, textfile: textfileFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ExportPrometheus);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/metrics/1' }, source);
    const answer = await readMetrics(this.question(flags), source);
    await this.exportMetrics(head, answer, renderPrometheus, flags.textfile);
  }
}
