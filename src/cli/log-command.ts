import { Failure } from '../model/failure.js';
import type { LogStream } from '../model/daemon-log.js';
import type { Sink } from '../renderers/sink.js';
import { isAskedFor } from './asked-format.js';
import { ReadCommand } from './base-command.js';

type Format = 'text' | 'json' | 'ndjson';

/** What the flags of a command that shows a log say of how it is to be written. */
interface FormatFlags {
  format?: Format | undefined;
  json?: boolean | undefined;
  follow: boolean;
}

/** A command that shows a log: as lines for people, or for a program. */
export abstract class LogCommand extends ReadCommand {
  override jsonEnabled(): boolean {
    return super.jsonEnabled() || isAskedFor(this.argv, 'json') || isAskedFor(this.argv, 'ndjson');
  }

  protected override get oneLineDocuments(): boolean {
    return isAskedFor(this.argv, 'ndjson');
  }

  /** What has no end is no page. */
  protected override get isPage(): boolean {
    return super.isPage && !this.argv.some((word) => word === '--follow' || word === '-f');
  }

  /** @throws Failure USAGE where flags do not go together */
  protected formatOf({ format, json, follow }: FormatFlags): Format {
    const chosen = json ? 'json' : (format ?? 'text');
    if (chosen !== 'json' || !follow) return chosen;
    throw new Failure('USAGE', 'A log that goes on is no document: --follow goes with --format ndjson.', {
      next: 'Add --help to see how it is used.',
    });
  }

  /** Shows a log as it comes, and ends with what its verdict says. */
  protected async showLog(log: LogStream, render: (sink: Sink) => Promise<void>): Promise<void> {
    await this.showStreamed(render, () => log.verdict());
  }
}
