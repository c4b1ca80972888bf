import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReadCommand } from '../../cli/base-command.js';
import { commandPlaces } from '../../cli/completion.js';
import { statementPlaces } from '../../config/statements/completion.js';
import { mergedPlaces } from '../../model/completion.js';
import { renderCompletionScript } from '../../renderers/completion-script.js';

export default class CompletionBash extends ReadCommand {
  static override readonly summary = 'print the script that completes ctsync in bash';
  static override readonly description = `Prints a script which completes commands, flags and their values, the statements of "set service conntrack-sync" with interfaces and sync groups of this machine, and those that "delete" can delete. It reads files and starts no ctsync, so that nobody waits for it. Print it again after an update.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> > /etc/bash_completion.d/ctsync',
    'source <(<%= config.bin %> <%= command.id %>)',
  ];
  static override readonly enableJsonFlag = false;
  static override readonly baseFlags = {} as typeof ReadCommand.baseFlags;

  /** It is for a shell, wherever it is printed. */
  protected override get isPage(): boolean {
    return false;
  }

  async run(): Promise<void> {
    await this.parse(CompletionBash);
    const program = readFileSync(join(this.config.root, 'libexec', 'ctsync-completion.bash'), 'utf8');
    const places = mergedPlaces([...commandPlaces(this.config.commands), ...statementPlaces()]);
    await this.showDocument({}, () => renderCompletionScript(places, program));
  }
}
