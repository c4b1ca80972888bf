import { ConfigurationCommand } from '../cli/configuration-command.js';
import { EXIT } from '../cli/exit-codes.js';
import { candidateChanges } from '../config/candidate-report.js';
import { interruptedNote } from '../config/commit/recover.js';
import { storePaths } from '../config/store/folders.js';
import { renderChanges } from '../renderers/configuration-page.js';

export default class Compare extends ConfigurationCommand {
  static override readonly summary = 'show what a commit would change';
  static override readonly description = `The lines that make the candidate of what was committed last, in the order in which they can be typed: a statement that is set anew, or deleted. Exit code 5 where there are any.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(Compare);
    const paths = storePaths();
    const changes = candidateChanges(paths);
    await this.showCandidate({ changes, notes: interruptedNote(paths) }, flags, () => renderChanges(changes));
    if (changes.length > 0) process.exitCode ||= EXIT.no;
  }
}
