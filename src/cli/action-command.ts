import type { ActionManner, ActionReport, ActionStep } from '../model/action.js';
import { Failure } from '../model/failure.js';
import { renderAction, renderActionPlan, stepsLine } from '../renderers/action-page.js';
import type { SourceOptions } from '../sources/options.js';
import { asFailure } from './as-failure.js';
import { ReadCommand } from './base-command.js';
import { flagsOfHere } from './configuration-flags.js';
import { canAsk, confirmOnTerminal } from './confirm.js';
import { envelope } from './envelope.js';
import { EXIT } from './exit-codes.js';
import { refuseElsewhere } from './here-only.js';
import { ReaderGone } from './output.js';
import { reportFailure, stderrColour } from './report.js';

/** What the flags of every action say. */
export interface ActionFlags {
  'daemon-config'?: string | undefined;
  timeout?: number | undefined;
  'keepalived-config'?: string | undefined;
  'no-color': boolean;
  yes: boolean;
  'dry-run': boolean;
}

/**
 * A command that changes what this node's kernel or daemon holds: it asks before, of this node only, and never through sudo.
 * Once it has begun it is carried through, and whatever then goes wrong with its report, what was done is said.
 */
export abstract class ActionCommand extends ReadCommand {
  static override readonly baseFlags = flagsOfHere as typeof ReadCommand.baseFlags;

  /** How far it has come; undefined as long as nothing was touched. */
  private steps: readonly ActionStep[] | undefined;

  protected override async init(): Promise<void> {
    await super.init();
    refuseElsewhere(this.argv, 'An action');
  }

  protected here(flags: ActionFlags): Promise<SourceOptions> {
    return this.source({ ...flags, 'no-sudo': true });
  }

  /** Does the action, and shows what became of it. */
  protected async showAction(
    flags: ActionFlags,
    source: SourceOptions,
    work: (manner: ActionManner) => Promise<ActionReport>,
  ): Promise<void> {
    const report = await work(this.manner(flags)).catch((error: unknown) => {
      throw this.withSteps(error);
    });
    if (report.failure) process.exitCode ||= report.outcome === 'failed' ? EXIT.failed : EXIT.incomplete;
    const { failure, ...shown } = this.interrupted(report);
    const error = failure && new Failure(failure.code, failure.message, failure);
    const head = envelope({ schema: 'ctsync/action/1' as const }, source);
    const ending = { complete: error === undefined, ...(error ? { error: error.report() } : {}) };
    try {
      await this.showDocument({ ...head, ...shown, ...ending }, () =>
        renderAction(shown, source.place.hostName, this.terminalColumns),
      );
      if (error && !this.jsonEnabled()) this.complain(error);
    } catch (unwritten) {
      this.sayUnwritten(unwritten, report, error);
    }
  }

  private manner({ yes, 'dry-run': dryRun }: ActionFlags): ActionManner {
    if (!yes && !dryRun && !canAsk()) {
      throw new Failure('USAGE', 'There is no terminal on which to ask: --yes is required.', {
        next: 'See what would be done with --dry-run, then say --yes.',
      });
    }
    return {
      dryRun,
      confirm: (plan) =>
        yes
          ? Promise.resolve()
          : confirmOnTerminal(renderActionPlan(plan, process.stderr.columns || 80), this.interruption.signal),
      onProgress: (steps) => {
        if (this.steps === undefined) this.carryThrough();
        this.steps = steps;
      },
    };
  }

  /** The first signal leaves nothing half done. */
  private carryThrough(): void {
    const told = (): void => this.warnOperator(['What has begun is carried through. Once more ends ctsync at once.']);
    this.interruption.signal.addEventListener('abort', told, { once: true });
  }

  private interrupted(report: ActionReport): ActionReport {
    if (!this.interruption.signal.aborted || report.outcome === 'dry-run') return report;
    return { ...report, notes: [...report.notes, 'It was interrupted, and went on all the same.'] };
  }

  /** Whoever says it twice need not wait; that a connection is lost is told twice by a shell that goes with it. */
  protected override leaves(exitCode: number): boolean {
    if (this.steps === undefined) return true;
    if (exitCode === EXIT.hungUp) return false;
    this.complain(this.withSteps(Failure.interrupted()));
    return true;
  }

  /** An error with what was done until then. */
  private withSteps(error: unknown): Failure {
    const failure = asFailure(error);
    if (this.steps !== undefined) {
      return new Failure(failure.code, `${failure.message} Until then: ${stepsLine(this.steps)}.`, {
        next: 'What was under way may still be carried out: see "ctsync show log conntrack-sync".',
        cause: error,
      });
    }
    if (failure.code !== 'INTERRUPTED') return failure;
    return new Failure('INTERRUPTED', 'Interrupted before anything was done.', { next: 'Nothing was touched.' });
  }

  /** Nobody reads the report, or the disk is full: that must not look as if nothing had been done, nor as if all had. */
  private sayUnwritten(error: unknown, { action, outcome }: ActionReport, failure: Failure | undefined): void {
    if (outcome === 'dry-run') throw error;
    if (failure) this.complain(failure);
    if (failure || error instanceof ReaderGone) return;
    const { code, message } = asFailure(error);
    process.exitCode ||= EXIT.incomplete;
    this.complain(
      new Failure(code, `"${action}" was done. ${message}`, { next: 'Only its report is lost: do not run it again.' }),
    );
  }

  private complain(failure: Failure): void {
    reportFailure(failure, stderrColour(this.argv.includes('--no-color')));
  }
}
