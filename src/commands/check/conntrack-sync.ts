import { CheckCommand } from '../../cli/check-command.js';
import { checkFlags } from '../../cli/check-flags.js';
import { compareCacheFlag, keepalivedConfigFlag } from '../../cli/flags.js';
import { checkNode, type SyncQuestion } from '../../readers/node/checked-node.js';
import { checkSync } from '../../sync/check/checks.js';
import { SYNC_FIGURES } from '../../sync/check/figures.js';
import { thresholdsOf } from '../../sync/check/thresholds.js';

export default class CheckConntrackSync extends CheckCommand {
  static override readonly summary = 'check conntrackd and the pair, as a plugin of a monitoring system';
  static override readonly description = `One line for Nagios, Icinga and their like, with figures: OK, or the worst of the findings that "show conntrack-sync status" has (docs/findings.md), or of the thresholds. Then a line for each.

A conntrackd that is down, or does not answer within 10 seconds, is CRITICAL; missing rights, answers that can't be read, mistakes in the command line and --timeout are UNKNOWN. So that a daemon that hangs is told from a check that does not end, the monitoring system has to allow more than 10 seconds (check_nrpe -t 20), and --timeout something between.

What rises is told by two samples, three to five seconds apart; with --state-file by one, and by what the last run has left there; both checks may have the same file. Where conntrackd was restarted meanwhile, its counters tell no rate. A threshold of a figure that this node does not have is UNKNOWN; one that can't be judged this time is said to be so. With --compare-cache, all flows of the kernel's table are read on a master to tell whether the internal cache holds those that it should: once an hour is often enough, with a --timeout of its own.

Figures are internal, external, unacknowledged, lost, malformed, send_errors, receive_drops, overruns and uptime; those that count have a rate, too: lost_per_second. A range is 10 (alerts outside of 0 to 10), 10: (below 10), ~:10 (above 10), 10:20 (outside) or @10:20 (inside).`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> -w lost_per_second=0 -c lost_per_second=10',
    '<%= config.bin %> <%= command.id %> --state-file /var/tmp/ctsync-check.state',
  ];
  static override readonly flags = {
    ...checkFlags,
    'compare-cache': compareCacheFlag,
    'keepalived-config': keepalivedConfigFlag,
  };
  protected override readonly check = 'conntrack-sync';

  async run(): Promise<void> {
    const { flags } = await this.parse(CheckConntrackSync);
    if (flags.version) return this.sayVersion();
    const { warning = [], critical = [] } = flags;
    const thresholds = thresholdsOf(warning, critical, SYNC_FIGURES);
    const source = await this.until(flags.timeout, flags);
    this.begin('asking conntrackd');
    const waiting = (milliseconds: number) => this.waiting(milliseconds);
    const question = {
      keepalivedConfig: flags['keepalived-config'],
      stateFile: flags['state-file'],
      waiting,
      comparing: { when: flags['compare-cache'] ? 'asked' : 'never', follow: (flows) => this.followed(flows) },
    } satisfies SyncQuestion;
    const { node, health, beside } = await checkNode(question, source);
    await this.say(checkSync(node, health, thresholds, beside), thresholds);
  }
}
