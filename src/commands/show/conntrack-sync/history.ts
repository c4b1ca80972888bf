import * as Flags from '@oclif/core/flags';
import { isAskedFor } from '../../../cli/asked-format.js';
import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { readHistory } from '../../../readers/history/history.js';
import { renderHistoryNdjson } from '../../../renderers/history-ndjson.js';
import { renderHistoryTable } from '../../../renderers/history-table.js';

export default class ShowConntrackSyncHistory extends ReadCommand {
  static override readonly summary = 'show the transitions of the sync groups, and what became of them';
  static override readonly description = `Reads what ctsync's failover hook has recorded of each transition (transitions.ndjson, and the older file beside it): from which state to which, how long it took, how many flows were committed to the kernel and how many were not, and every step that failed, timed out or was skipped, with the reason. A state with a plus is no transition, but what is asked for once more after PurgeTimeout.

Where that hook has recorded nothing, syslog is searched for what VyOS's hook logs: it tells of transitions, and not what became of them.

With --from, reads a copy of transitions.ndjson, or such lines of syslog.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --since 2h',
    `<%= config.bin %> <%= command.id %> --format ndjson | jq -r 'select(.result == "failed").at'`,
    '<%= config.bin %> <%= command.id %> --from transitions.ndjson',
  ];
  static override readonly flags = {
    since: Flags.string({
      summary: 'transitions from this time on: 10m, 2h, 1d, today, "2026-11-22 13:00", RFC 3339',
      helpValue: 'TIME',
    }),
    format: Flags.option({
      summary: 'how to write the transitions',
      options: ['table', 'json', 'ndjson'] as const,
      helpGroup: 'OUTPUT',
      exclusive: ['json'],
    })(),
  };

  override jsonEnabled(): boolean {
    return super.jsonEnabled() || isAskedFor(this.argv, 'json') || isAskedFor(this.argv, 'ndjson');
  }

  protected override get oneLineDocuments(): boolean {
    return isAskedFor(this.argv, 'ndjson');
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackSyncHistory);
    const source = await this.source(flags);
    const history = await readHistory(flags.since, source);
    if (flags.format === 'ndjson') {
      const text = renderHistoryNdjson(history, envelope({ schema: 'ctsync/summary/1' }, source));
      await this.showStreamed(
        (sink) => sink.write(text),
        () => history,
      );
      return;
    }
    const { origin, transitions, summary } = history;
    const head = envelope({ schema: 'ctsync/transition-history/1' }, source);
    await this.showJudged({ ...head, history: origin, transitions, summary }, history, (sink) =>
      renderHistoryTable(history, sink),
    );
  }
}
