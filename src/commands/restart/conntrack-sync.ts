import { daemonFile } from '../../actions/daemon/daemon-file.js';
import { performAction } from '../../actions/perform.js';
import { ActionCommand } from '../../cli/action-command.js';
import { actionFlags } from '../../cli/action-flags.js';

export default class RestartConntrackSync extends ActionCommand {
  static override readonly summary = 'restart conntrackd and fill its caches again';
  static override readonly description = `conntrackd is restarted, by systemctl where conntrackd.service runs with its configuration, else directly. Once it answers and a dedicated link runs, its caches are filled again: the master sends all its flows to the peer (-B), a backup asks for them (-n). Refused where conntrackd is down or does not answer, and while it commits.

That a step was done is read in the log of conntrackd, whose own exit code tells nothing. You are asked before; without a terminal --yes is required. It is written to syslog, and never tried a second time.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --yes --json',
  ];
  static override readonly flags = actionFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(RestartConntrackSync);
    const source = await this.here(flags);
    const daemon = await daemonFile(flags['daemon-config'], source);
    const keepalivedConfig = flags['keepalived-config'];
    const question = { action: 'restart conntrack-sync', daemon, keepalivedConfig } as const;
    await this.showAction(flags, source, (manner) => performAction(question, manner, source));
  }
}
