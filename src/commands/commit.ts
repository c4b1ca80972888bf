import { CommitCommand } from '../cli/commit-command.js';
import { commitFlags } from '../cli/commit-flags.js';
import { carryOut } from '../config/commit/asked.js';

export default class Commit extends CommitCommand {
  static override readonly summary = 'verify the candidate, write conntrackd.conf and restart conntrackd with it';
  static override readonly description = `Everything is verified first, and all that is wrong is listed with the statement that causes it. Then conntrackd.conf is written, conntrackd restarted where it reads the new file otherwise than the old one, and its caches filled again: the master sends all its flows to the peer (-B), a backup asks for them (-n).

A daemon that does not come up with the new file is put back on the old one. Whatever ends the commit half way, each file is the old or the new one, and the next commit puts the old ones back first. A file that ctsync did not write is never overwritten before "ctsync import".`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    "<%= config.bin %> <%= command.id %> --comment 'second dedicated link'",
  ];
  static override readonly flags = commitFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(Commit);
    const source = await this.here(flags);
    await this.showCommit(() => carryOut({ what: 'commit', ...this.asked(flags) }, source), source);
  }
}
