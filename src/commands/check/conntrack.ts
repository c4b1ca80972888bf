import { CheckCommand } from '../../cli/check-command.js';
import { checkFlags } from '../../cli/check-flags.js';
import { checkKernelTable } from '../../readers/node/checked-node.js';
import { checkKernel } from '../../sync/check/checks.js';
import { KERNEL_FIGURES } from '../../sync/check/figures.js';
import { thresholdsOf } from '../../sync/check/thresholds.js';

export default class CheckConntrack extends CheckCommand {
  static override readonly summary = "check the kernel's flow table, as a plugin of a monitoring system";
  static override readonly description = `One line for Nagios, Icinga and their like, with figures: how full the table is, and whether flows are refused, thrown out or dropped. Never reads the table.

WARNING above 80 %, or where a counter of failures rises; CRITICAL above 95 %, or where packets are dropped; UNKNOWN for rights, mistakes in the command line, --timeout.

What rises is told by two samples, three seconds apart; with --state-file by one, and by what the last run has left there; both checks may have the same file. A threshold of a figure that this node does not have is UNKNOWN; one that can't be judged this time is said to be so.

Figures are used (per cent), flows, insert_failed, drop and early_drop; those that count have a rate, too: drop_per_second. A range is 10 (alerts outside of 0 to 10), 10: (below 10), ~:10 (above 10), 10:20 (outside) or @10:20 (inside).`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -w used=60 -c used=75',
    '<%= config.bin %> <%= command.id %> --state-file /var/tmp/ctsync-table.state',
  ];
  static override readonly flags = checkFlags;
  protected override readonly check = 'conntrack';

  async run(): Promise<void> {
    const { flags } = await this.parse(CheckConntrack);
    if (flags.version) return this.sayVersion();
    const { warning = [], critical = [] } = flags;
    const thresholds = thresholdsOf(warning, critical, KERNEL_FIGURES);
    const source = await this.until(flags.timeout, flags);
    this.begin("reading the kernel's counters");
    const waiting = (milliseconds: number) => this.waiting(milliseconds);
    const { node, beside } = await checkKernelTable({ stateFile: flags['state-file'], waiting }, source);
    await this.say(checkKernel(node, thresholds, beside), thresholds);
  }
}
