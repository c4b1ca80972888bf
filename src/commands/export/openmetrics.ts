import { envelope } from '../../cli/envelope.js';
import { ExportCommand } from '../../cli/export-command.js';
import { exportFlags } from '../../cli/export-flags.js';
import { readMetrics } from '../../readers/metrics/metrics.js';
import { renderOpenMetrics } from '../../renderers/openmetrics.js';

export default class ExportOpenmetrics extends ExportCommand {
  static override readonly summary = 'export metrics in the format of OpenMetrics 1.0';
  static override readonly description = `The same metrics as "export prometheus", for whoever reads OpenMetrics (application/openmetrics-text; version=1.0.0): families have units, infos are infos, and the text ends with "# EOF", so that a part is never taken for the whole. node_exporter's textfile collector does not read this format.

A part that can't be read is left out, ctsync_collector_success tells which, and the exit code is 4.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --flows',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.collectors[] | select(.success | not).collector'",
  ];
  static override readonly flags = exportFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ExportOpenmetrics);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/metrics/1' }, source);
    const answer = await readMetrics(this.question(flags), source);
    await this.exportMetrics(head, answer, renderOpenMetrics);
  }
}
