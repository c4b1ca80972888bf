import { performAction } from '../../../actions/perform.js';
import { ActionCommand } from '../../../cli/action-command.js';
import { actionFlags } from '../../../cli/action-flags.js';

export default class ResetInternalCache extends ActionCommand {
  static override readonly summary = 'empty the internal cache of conntrackd and read it anew from the kernel';
  static override readonly description = `The internal cache is emptied (-f internal) and read anew from the kernel (-R); the master then sends all its flows to the peer (-B), no other node does. Refused on a node that holds no virtual address where conntrackd keeps no external cache (DisableExternalCache): what is in its kernel there are the flows of the master.

That a step was done is read in the log of conntrackd, whose own exit code tells nothing. You are asked before; without a terminal --yes is required. It is written to syslog, and never tried a second time.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --yes --json',
  ];
  static override readonly flags = actionFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ResetInternalCache);
    const source = await this.here(flags);
    const daemon = { path: source.query.daemonConfig };
    const question = {
      action: 'reset conntrack-sync internal-cache',
      daemon,
      keepalivedConfig: flags['keepalived-config'],
    } as const;
    await this.showAction(flags, source, (manner) => performAction(question, manner, source));
  }
}
