import { performAction } from '../../../actions/perform.js';
import { ActionCommand } from '../../../cli/action-command.js';
import { actionFlags } from '../../../cli/action-flags.js';

export default class SyncRequest extends ActionCommand {
  static override readonly summary = 'ask the peer for all its flows';
  static override readonly description = `The peer is asked for its internal cache (conntrackd -n), which comes into the external cache of this node. Nothing is emptied.

You are asked before; without a terminal --yes is required. It is written to syslog, and never tried a second time.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --yes --json',
  ];
  static override readonly flags = actionFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(SyncRequest);
    const source = await this.here(flags);
    const daemon = { path: source.query.daemonConfig };
    const question = {
      action: 'sync conntrack-sync request',
      daemon,
      keepalivedConfig: flags['keepalived-config'],
    } as const;
    await this.showAction(flags, source, (manner) => performAction(question, manner, source));
  }
}
