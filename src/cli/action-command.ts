import type { ActionPlan, ActionReport } from '../model/action.js';
import { Failure } from '../model/failure.js';
import { renderAction, renderActionPlan } from '../renderers/action-page.js';
import type { SourceOptions } from '../sources/options.js';
import { ReadCommand } from './base-command.js';
import { configurationFlags } from './configuration-flags.js';
import { canAsk, confirmOnTerminal } from './confirm.js';
import { envelope } from './envelope.js';
import { EXIT } from './exit-codes.js';
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

/** How an action is to be done, as far as the command line says. */
export interface Manner {
  dryRun: boolean;
  confirm: (plan: ActionPlan) => Promise<void>;
}

/** A command that changes what this node's kernel or daemon holds: it asks before, of this host only, and never through sudo. */
export abstract class ActionCommand extends ReadCommand {
  static override readonly baseFlags = configurationFlags as typeof ReadCommand.baseFlags;

  protected here(flags: ActionFlags): Promise<SourceOptions> {
    return this.source({ ...flags, 'no-sudo': true });
  }

  /** Does the action, and shows what became of it. */
  protected async showAction(
    flags: ActionFlags,
    source: SourceOptions,
    work: (manner: Manner) => Promise<ActionReport>,
  ): Promise<void> {
    const report = await work(this.manner(flags));
    const { failure: why, ...shown } = report;
    const failure = why && new Failure(why.code, why.message, why);
    const head = envelope({ schema: 'ctsync/action/1' as const }, source);
    const ending = { complete: failure === undefined, ...(failure ? { error: failure.report() } : {}) };
    await this.showDocument({ ...head, ...shown, ...ending }, () =>
      renderAction(report, source.place.hostName, this.terminalColumns),
    );
    if (!failure) return;
    if (!this.jsonEnabled()) reportFailure(failure, stderrColour(flags['no-color']));
    process.exitCode ||= report.outcome === 'failed' ? EXIT.failed : EXIT.incomplete;
  }

  private manner({ yes, 'dry-run': dryRun }: ActionFlags): Manner {
    if (!yes && !dryRun && !canAsk()) {
      throw new Failure('USAGE', 'There is no terminal on which to ask: --yes is required.', {
        next: 'See what would be done with --dry-run, then say --yes.',
      });
    }
    const confirm = (plan: ActionPlan): Promise<void> =>
      yes
        ? Promise.resolve()
        : confirmOnTerminal(renderActionPlan(plan, process.stderr.columns || 80), this.interruption.signal);
    return { dryRun, confirm };
  }
}
