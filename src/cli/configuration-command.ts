import type { SourceOptions } from '../sources/options.js';
import { ReadCommand } from './base-command.js';
import { envelope } from './envelope.js';
import { configurationFlags } from './configuration-flags.js';

/** What the flags of a command of the configuration say. */
export interface ConfigurationFlags {
  'daemon-config'?: string | undefined;
  timeout?: number | undefined;
  'no-color': boolean;
}

/** A command of this node's own configuration: it asks no other host, and never through sudo. */
export abstract class ConfigurationCommand extends ReadCommand {
  static override readonly baseFlags = configurationFlags as typeof ReadCommand.baseFlags;

  protected here(flags: ConfigurationFlags): Promise<SourceOptions> {
    return this.source({ ...flags, 'no-sudo': true });
  }

  /** Shows what the candidate changes now: silently where all went well, as what a shell does. */
  protected async showCandidate(
    { changes, notes }: { changes: string[]; notes: readonly string[] },
    flags: ConfigurationFlags,
    page: () => string = () => '',
  ): Promise<void> {
    const head = envelope({ schema: 'ctsync/candidate/1' as const }, await this.here(flags));
    const said = notes.length > 0 ? { notes: [...notes] } : {};
    await this.showDocument({ ...head, changes, ...said, complete: true }, page);
    this.warnOperator(notes);
  }
}
