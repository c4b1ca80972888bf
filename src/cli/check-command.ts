import { CHECK_SCHEMA, CHECK_SERVICES, type CheckName, type CheckResult, NO_THRESHOLDS } from '../model/check.js';
import { Failure } from '../model/failure.js';
import type { FlowStream } from '../model/flow-stream.js';
import { renderCheck } from '../renderers/plugin-output.js';
import type { SourceOptions } from '../sources/options.js';
import { asFailure } from './as-failure.js';
import { ReadCommand, type SourceFlags } from './base-command.js';
import { envelope } from './envelope.js';
import { PLUGIN_EXIT } from './exit-codes.js';
import { ReaderGone } from './output.js';
import { reportFailure } from './report.js';
import { unmadeCheck } from './unmade-check.js';

/**
 * A plugin of a monitoring system: one line, figures, and the exit codes of the Monitoring Plugins guidelines. Whatever
 * goes wrong with it is UNKNOWN; only what is wrong with the node is WARNING or CRITICAL.
 */
export abstract class CheckCommand extends ReadCommand {
  protected abstract readonly check: CheckName;
  /** What the check is doing, for one that gives up. */
  private stage = 'reading the command line';
  private deadline: NodeJS.Timeout | undefined;
  private gaveUp: number | undefined;
  private head: object = { schema: CHECK_SCHEMA };

  /** How the readers are to read, until the check gives up. */
  protected async until(seconds: number, flags: SourceFlags): Promise<SourceOptions> {
    this.deadline = setTimeout(() => {
      this.gaveUp = seconds;
      this.interruption.abort();
    }, seconds * 1000);
    // What --timeout says here is the time of the whole check; tools keep their usual deadlines.
    const source = await this.source({ ...flags, timeout: undefined });
    this.head = envelope({ schema: CHECK_SCHEMA }, source);
    return source;
  }

  /** A verdict on what may be anything is none. */
  protected override altered(problems: readonly string[]): void {
    const [problem] = problems;
    if (problem !== undefined) throw new Failure('BAD_CAPTURE', problem);
  }

  /** Notes what the check is doing now. */
  protected begin(stage: string): void {
    this.stage = stage;
  }

  /** That it is waited for a second sample is a stage; nobody sees progress here. */
  protected override waiting(milliseconds: number): () => void {
    this.begin(`waiting ${milliseconds / 1000} s for the second sample`);
    return () => {
      // Where the check has given up, it did so while it waited.
      if (this.gaveUp === undefined) this.begin('reading the second sample');
    };
  }

  /** To read flows takes long where there are many. */
  protected override followed(flows: FlowStream): FlowStream {
    this.begin("comparing the internal cache with the kernel's table");
    return super.followed(flows);
  }

  /** Says how it is, and ends with the exit code that says the same. */
  protected async say(result: CheckResult, thresholds = NO_THRESHOLDS): Promise<void> {
    clearTimeout(this.deadline);
    const { metrics, ...said } = result;
    const figures = metrics.map((metric) => ({
      ...metric,
      ...limitsOf(thresholds.warning.get(metric.name)?.text, thresholds.critical.get(metric.name)?.text),
    }));
    const document = { ...this.head, ...said, metrics: figures };
    await this.showDocument(document, () => renderCheck(result, thresholds));
    process.exitCode = PLUGIN_EXIT[result.status];
  }

  /** Says which version this is. It tells nothing of the node, so it is UNKNOWN to whoever runs it as a check. */
  protected async sayVersion(): Promise<void> {
    await this.showDocument({}, () => `${this.config.bin} ${this.config.version}\n`);
    process.exitCode = PLUGIN_EXIT.UNKNOWN;
  }

  protected override get isPage(): boolean {
    return false;
  }

  protected override async catch(thrown: unknown): Promise<void> {
    process.exitCode = PLUGIN_EXIT.UNKNOWN;
    if (thrown instanceof ReaderGone) return;
    const failure = this.gaveUp === undefined ? asFailure(thrown) : this.givenUp(this.gaveUp);
    try {
      await this.say(unmadeCheck(CHECK_SERVICES[this.check], failure));
    } catch (error) {
      // A disk that is full takes neither the answer nor this; a person may still read stderr.
      if (!(error instanceof ReaderGone)) reportFailure(asFailure(error), false);
    }
    process.exitCode = PLUGIN_EXIT.UNKNOWN;
  }

  private givenUp(seconds: number): Failure {
    return new Failure('TIMEOUT', `Gave up after ${seconds} s, while ${this.stage}.`, {
      next: 'Allow more with --timeout SECONDS, less than the monitoring system itself allows.',
    });
  }
}

function limitsOf(warning?: string, critical?: string): { warning?: string; critical?: string } {
  return { ...(warning === undefined ? {} : { warning }), ...(critical === undefined ? {} : { critical }) };
}
