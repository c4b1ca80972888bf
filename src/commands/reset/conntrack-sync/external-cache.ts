import { performAction } from '../../../actions/perform.js';
import { ActionCommand } from '../../../cli/action-command.js';
import { actionFlags } from '../../../cli/action-flags.js';

export default class ResetExternalCache extends ActionCommand {
  static override readonly summary = 'empty the external cache of conntrackd and ask the peer for its flows again';
  static override readonly description = `The external cache is emptied (-f external), and the peer asked for all its flows (-n). Until they have come, a failover to this node would lose them.

That a step was done is read in the log of conntrackd, whose own exit code tells nothing. You are asked before; without a terminal --yes is required. It is written to syslog, and never tried a second time.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --yes --json',
  ];
  static override readonly flags = actionFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ResetExternalCache);
    const source = await this.here(flags);
    const daemon = { path: source.query.daemonConfig };
    const question = {
      action: 'reset conntrack-sync external-cache',
      daemon,
      keepalivedConfig: flags['keepalived-config'],
    } as const;
    await this.showAction(flags, source, (manner) => performAction(question, manner, source));
  }
}
