import type { ReadCommand } from './base-command.js';
import { ConfigurationCommand } from './configuration-command.js';
import { flagsOfHere } from './configuration-flags.js';
import { refuseElsewhere } from './here-only.js';

/** A command that changes the configuration of this node, or its candidate. */
export abstract class ConfigurationChange extends ConfigurationCommand {
  static override readonly baseFlags = flagsOfHere as typeof ReadCommand.baseFlags;

  protected override async init(): Promise<void> {
    await super.init();
    refuseElsewhere(this.argv, 'A change of the configuration');
  }
}
