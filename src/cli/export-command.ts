import type { Failure } from '../model/failure.js';
import type { FlowStream } from '../model/flow-stream.js';
import type { MetricFamily, Metrics } from '../model/metrics.js';
import { ReadCommand } from './base-command.js';
import type { Envelope } from './envelope.js';
import { replaceTextfile } from './textfile.js';

/** Metrics, and why some of them are missing. */
interface Answer {
  metrics: Metrics;
  failures: readonly Failure[];
}

/** A command that hands metrics over to a monitoring system. */
export abstract class ExportCommand extends ReadCommand {
  /** What it prints is for a program. */
  protected override get isPage(): boolean {
    return false;
  }

  /** What the flags ask for. */
  protected question(flags: { flows: boolean; 'keepalived-config'?: string | undefined }) {
    return {
      keepalivedConfig: flags['keepalived-config'],
      flows: flags.flows ? (flows: FlowStream) => this.followed(flows) : undefined,
    };
  }

  /** Shows metrics, or puts them into a file, and ends with what is missing of them. */
  protected async exportMetrics(
    head: Envelope<{ schema: string }>,
    { metrics, failures }: Answer,
    render: (families: readonly MetricFamily[]) => string,
    textfile?: string,
  ): Promise<void> {
    const complete = failures.length === 0;
    if (textfile === undefined) {
      const document = { ...head, ...metrics, complete, error: failures[0]?.report() };
      await this.showDocument(document, () => render(metrics.families));
    } else replaceTextfile(textfile, render(metrics.families));
    for (const failure of failures) this.conclude({ notes: [], failure });
  }
}
