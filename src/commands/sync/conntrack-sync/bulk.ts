import { performAction } from '../../../actions/perform.js';
import { ActionCommand } from '../../../cli/action-command.js';
import { actionFlags } from '../../../cli/action-flags.js';

export default class SyncBulk extends ActionCommand {
  static override readonly summary = 'send all flows of this node to the peer';
  static override readonly description = `The internal cache is sent to the peer (conntrackd -B). Only the master of all sync groups may do that.

You are asked before; without a terminal --yes is required. It is written to syslog, and never tried a second time.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --yes --json',
  ];
  static override readonly flags = actionFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(SyncBulk);
    const source = await this.here(flags);
    const daemon = { path: source.query.daemonConfig };
    const question = {
      action: 'sync conntrack-sync bulk',
      daemon,
      keepalivedConfig: flags['keepalived-config'],
    } as const;
    await this.showAction(flags, source, (manner) => performAction(question, manner, source));
  }
}
