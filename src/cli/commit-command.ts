import type { CommitReport } from '../model/configuration.js';
import { Failure } from '../model/failure.js';
import { renderCommit, renderFindings } from '../renderers/configuration-page.js';
import type { SourceOptions } from '../sources/options.js';
import { ConfigurationChange } from './configuration-change.js';
import { envelope } from './envelope.js';
import { EXIT } from './exit-codes.js';
import { reportFailure, stderrColour } from './report.js';

/** What is known of a commit before it is made or refused. */
type Known = Pick<CommitReport, 'file' | 'changes' | 'findings'>;

/** What the flags say, as oclif parses them. */
interface CommitFlags {
  'daemon-config'?: string | undefined;
  'keepalived-config'?: string | undefined;
  comment?: string | undefined;
  'dry-run': boolean;
}

/** A command that makes a configuration the daemon's. */
export abstract class CommitCommand extends ConfigurationChange {
  private known: Known | undefined;

  /** What the flags say of it. */
  protected asked(flags: CommitFlags) {
    return {
      daemonConfig: flags['daemon-config'],
      keepalivedConfig: flags['keepalived-config'],
      comment: flags.comment,
      dryRun: flags['dry-run'],
      onFindings: (known: Known): void => {
        this.known = known;
      },
    };
  }

  /** That a connection is lost is told twice by a shell that goes with it: it must not leave a daemon that is stopped. */
  protected override leaves(exitCode: number): boolean {
    return exitCode !== EXIT.hungUp || this.known === undefined;
  }

  /** Shows what was done; where it was refused, all that verify has found. */
  protected async showCommit(work: () => Promise<CommitReport>, source: SourceOptions): Promise<void> {
    try {
      const report = await work();
      if (this.interruption.signal.aborted && report.outcome === 'committed') {
        throw new Failure('INTERRUPTED', 'Interrupted, but the configuration was committed: conntrackd runs with it.');
      }
      await this.showReport(report, source).catch((error: unknown) => {
        throw this.unwritten(error, report);
      });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'CONFIG_REFUSED' || this.known === undefined) throw error;
      await this.showRefusal(this.known, error, source);
    }
  }

  private async showReport(report: CommitReport, source: SourceOptions): Promise<void> {
    const head = envelope({ schema: 'ctsync/commit/1' as const }, source);
    await this.showDocument({ ...head, ...report, complete: true }, () => renderCommit(report, this.terminalColumns));
    this.warnOperator(report.notes);
  }

  /** Nobody reads the report, or the disk is full: that must not look as if nothing had been committed. */
  private unwritten(error: unknown, { outcome }: CommitReport): unknown {
    if (!(error instanceof Failure) || outcome !== 'committed') return error;
    process.exitCode ||= EXIT.incomplete;
    return new Failure(error.code, `The configuration was committed. ${error.message}`, {
      next: 'Only the report is lost: see "ctsync show configuration".',
      cause: error,
    });
  }

  private async showRefusal({ file, changes, findings }: Known, error: Failure, source: SourceOptions): Promise<void> {
    const head = envelope({ schema: 'ctsync/commit/1' as const, outcome: 'refused' as const }, source);
    const document = { ...head, file, changes, findings, steps: [], notes: [], complete: false, error: error.report() };
    await this.showDocument(document, () => renderFindings(findings, this.terminalColumns));
    if (!this.jsonEnabled()) reportFailure(error, stderrColour(this.argv.includes('--no-color')));
    process.exitCode ||= EXIT.failed;
  }
}
