import { CommitCommand } from '../cli/commit-command.js';
import { commitFlags } from '../cli/commit-flags.js';
import { rollBack } from '../config/commit/commit.js';
import { daemonFile } from '../actions/daemon/daemon-file.js';
import { whileCommitting } from '../config/store/edit.js';
import { storePaths } from '../config/store/folders.js';

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
    const paths = storePaths();
    const source = await this.here(flags);
    const daemon = await daemonFile(flags['daemon-config'], source);
    const { comment, 'dry-run': dryRun, 'keepalived-config': keepalivedConfig } = flags;
    const question = { daemon, comment, dryRun, keepalivedConfig, onFindings: this.onFindings };
    await this.showCommit(
      () => whileCommitting(dryRun, paths, this.interruption.signal, () => rollBack(question, paths, source)),
      source,
    );
  }
}
