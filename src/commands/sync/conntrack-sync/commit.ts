import { performAction } from '../../../actions/perform.js';
import { ActionCommand } from '../../../cli/action-command.js';
import { actionFlags } from '../../../cli/action-flags.js';

export default class SyncCommit extends ActionCommand {
  static override readonly summary = 'put the flows of the external cache into the kernel';
  static override readonly description = `What a failover begins with (conntrackd -c): the flows and expectations that the peer has sent are put into the kernel of this node. It waits for the end of the commit, however long it takes, and says how many flows it has put there and how many it could not.

You are asked before; without a terminal --yes is required. It is written to syslog, and never tried a second time.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --yes --json',
  ];
  static override readonly flags = actionFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(SyncCommit);
    const source = await this.here(flags);
    const daemon = { path: source.query.daemonConfig };
    const question = {
      action: 'sync conntrack-sync commit',
      daemon,
      keepalivedConfig: flags['keepalived-config'],
    } as const;
    await this.showAction(flags, source, (manner) => performAction(question, manner, source));
  }
}
