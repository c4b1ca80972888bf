import { CommitCommand } from '../cli/commit-command.js';
import { commitFlags } from '../cli/commit-flags.js';
import { carryOut } from '../config/commit/asked.js';

export default class Rollback extends CommitCommand {
  static override readonly summary = 'make the configuration before the last commit the configuration again';
  static override readonly description = `As "ctsync commit", of the statements that were in effect before the last one: they are verified, written, and conntrackd is restarted with them. A second rollback takes the first one back. Refused while there is a candidate.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
  ];
  static override readonly flags = commitFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(Rollback);
    const source = await this.here(flags);
    await this.showCommit(() => carryOut({ what: 'rollback', ...this.asked(flags) }, source), source);
  }
}
