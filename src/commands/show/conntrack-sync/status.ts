import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { keepalivedConfigFlag } from '../../../cli/flags.js';
import { readSyncStatus } from '../../../readers/status/sync-status.js';
import { renderStatusPage } from '../../../renderers/status-page.js';

export default class ShowConntrackSyncStatus extends ReadCommand {
  static override readonly summary = 'show what this node is and does in the pair';
  static override readonly description = `Reads conntrackd's and keepalived's configuration and the last transition that the notify script recorded, asks conntrackd for its uptime, its links and its caches, and tells the role by the virtual addresses that the node holds, whatever a file says.

What can't be read is named with its reason; the rest of the page stands, and the exit code is 4. What is not in a capture, or can be seen by root alone of a daemon that answers, is named too, with exit code 0.

With --from, reads a folder that holds any of conntrackd.conf, keepalived.conf, failover-state, s.txt, s-runtime.txt and s-link.txt.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.status.roles[].role'",
    '<%= config.bin %> <%= command.id %> --from captured-status/',
  ];
  static override readonly flags = { 'keepalived-config': keepalivedConfigFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackSyncStatus);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/sync-status/1' }, source);
    const status = await readSyncStatus(flags['keepalived-config'], source);
    const live = source.from === undefined;
    const complete = status.unavailable.every(({ code }) => code === undefined);
    const surroundings = { columns: this.terminalColumns, ...(live ? { now: new Date() } : {}) };
    await this.showDocument({ ...head, status, ...(live || !complete ? { complete } : {}) }, () =>
      renderStatusPage(status, surroundings),
    );
    if (!complete) this.concludeIncomplete();
  }
}
