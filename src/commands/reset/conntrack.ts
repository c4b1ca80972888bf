import { performAction } from '../../actions/perform.js';
import { ActionCommand } from '../../cli/action-command.js';
import { actionFlags } from '../../cli/action-flags.js';

export default class ResetConntrack extends ActionCommand {
  static override readonly summary = 'end all flows and expectations that the kernel tracks';
  static override readonly description = `The kernel forgets every flow and every expectation of this host (conntrack -F, then conntrack -F expect), IPv4 and IPv6. Where conntrackd runs it tells the peer, which forgets those that passed through this node, too. Refused while conntrackd commits, and where it hangs: it would not tell the peer.

You are asked before; without a terminal --yes is required. It is written to syslog, and never tried a second time.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --yes --json',
  ];
  static override readonly flags = actionFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ResetConntrack);
    const source = await this.here(flags);
    const daemon = { path: source.query.daemonConfig };
    const question = { action: 'reset conntrack', daemon, keepalivedConfig: flags['keepalived-config'] } as const;
    await this.showAction(flags, source, (manner) => performAction(question, manner, source));
  }
}
