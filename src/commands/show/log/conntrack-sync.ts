import { envelope } from '../../../cli/envelope.js';
import { LogCommand } from '../../../cli/log-command.js';
import { logFlags } from '../../../cli/log-flags.js';
import { readDaemonLog } from '../../../readers/daemon-log/daemon-log.js';
import { renderLogDocument, renderLogNdjson } from '../../../renderers/log-document.js';
import { renderLogLines } from '../../../renderers/log-lines.js';

export default class ShowLogConntrackSync extends LogCommand {
  static override readonly summary = 'show what conntrackd has logged';
  static override readonly description = `Reads the log that conntrackd's configuration names (LogFile, else the journal or a syslog file), shows each message with its time in UTC and its level, and knows what the common ones mean: commits with their counts and durations, resyncs, flushes, changes of the dedicated link, lost events.

The log file is root's: where you are not, it is read with cat (tail with --follow) through "sudo -n". conntrackd writes local times without a zone; they are taken for those of its own TZ, else of this host, else as --timezone says. A captured log keeps them as they are unless --timezone is given.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --since 2h',
    '<%= config.bin %> <%= command.id %> --follow',
    `<%= config.bin %> <%= command.id %> --limit all --json | jq '.records[] | select(.event.type == "commit_took").event.seconds'`,
    '<%= config.bin %> <%= command.id %> --from captured-log.txt --timezone Europe/Vienna',
  ];
  static override readonly flags = logFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowLogConntrackSync);
    const format = this.formatOf(flags);
    const source = await this.source(flags);
    const log = await readDaemonLog(flags, source, (text) => this.warnOperator([text]));
    await this.showLog(log, (sink) => {
      if (format === 'text') return renderLogLines(log, flags.follow, sink);
      return format === 'json'
        ? renderLogDocument(log, envelope({ schema: 'ctsync/daemon-log/1' }, source), sink)
        : renderLogNdjson(log, envelope({ schema: 'ctsync/summary/1' }, source), sink);
    });
  }
}
