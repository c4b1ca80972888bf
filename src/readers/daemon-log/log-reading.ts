import type { LogOrigin, LogRecord, LogStream, LogVerdict } from '../../model/daemon-log.js';
import { Failure } from '../../model/failure.js';
import { DaemonLogParser } from '../../parsers/daemon-log.js';
import { LogClock } from '../../parsers/daemon-log/log-clock.js';
import type { LogPiece } from '../../sources/followed-log.js';
import { LastRecords } from './last-records.js';
import type { LogQuestion } from './question.js';
import type { Judgement, LogEnds, LogSource } from './source.js';

/**
 * A log on its way. As with flows, a failure before the first record is thrown; after that it stands in the verdict, so that
 * what was shown is never mistaken for the whole.
 */
export class LogReading implements LogStream {
  readonly origin: LogOrigin;
  private readonly source: LogSource;
  private readonly question: LogQuestion;
  private readonly parser: DaemonLogParser;
  private readonly notice: (text: string) => void;
  private readonly started = performance.now();
  private shown = 0;
  private dropped = 0;
  private readonly ends: LogEnds = {};
  /** Whether the record before was one that is wanted. */
  private isWanted = false;
  private judgement: Judgement = {};

  /** @param notice told at once what an operator should know who follows the log: that may be long before its end */
  constructor(source: LogSource, question: LogQuestion, notice: (text: string) => void = () => undefined) {
    this.notice = notice;
    this.origin = source.origin;
    this.source = source;
    this.question = question;
    // What a capture without a year means can't be told by the time of its reader.
    const now = source.origin.kind === 'capture' ? undefined : question.now;
    this.parser = new DaemonLogParser(new LogClock(source.zone, now));
  }

  /** At most one batch for each piece read. */
  async *batches(): AsyncGenerator<LogRecord[]> {
    try {
      for await (const records of this.limited()) {
        if (records.length === 0) continue;
        this.shown += records.length;
        yield records;
      }
      this.judgement = await this.source.judge(this.parser.tally, this.ends);
    } catch (error) {
      const failure = error instanceof Failure ? error : internal(error);
      // That is how the following of a log ends.
      if (!(this.question.follow && failure.code === 'INTERRUPTED')) this.judgement = { complete: false, failure };
    }
    if (this.judgement.failure && this.shown === 0) throw this.judgement.failure;
  }

  private async *limited(): AsyncGenerator<LogRecord[]> {
    const { keep } = this.source;
    if (keep === 'all') {
      yield* this.wanted();
      return;
    }
    const last = new LastRecords(keep);
    for await (const records of this.wanted()) last.add(records);
    this.dropped = last.dropped;
    yield last.records();
  }

  private async *wanted(): AsyncGenerator<LogRecord[]> {
    if (this.question.follow) this.source.notes?.forEach(this.notice);
    for await (const piece of this.source.pieces) yield this.chosen(this.recordsOf(piece));
    if (!this.question.follow) yield this.chosen(this.parser.end());
  }

  /** A line that has not ended in one file does not go on in another one. */
  private recordsOf(piece: LogPiece): LogRecord[] {
    if (typeof piece !== 'string') return this.parser.push(piece);
    if (piece === 'emptied')
      this.notice(`${this.origin.path} was emptied: what was written just before may be missing.`);
    return this.parser.end();
  }

  private look(records: readonly LogRecord[]): void {
    const last = records.findLast(({ at }) => at !== undefined);
    if (last === undefined) return;
    this.ends.last = last;
    this.ends.first ??= records.find(({ at }) => at !== undefined)!;
  }

  /** A record whose time can't be told belongs to the one before it. */
  private chosen(records: LogRecord[]): LogRecord[] {
    this.look(records);
    const { since } = this.question;
    if (since === undefined) return records;
    return records.filter(({ at }) => {
      if (at !== undefined) this.isWanted = Date.parse(at) >= since;
      return this.isWanted;
    });
  }

  verdict(): LogVerdict {
    const { complete, failure, notes = [] } = this.judgement;
    const earlier = this.source.earlier?.();
    const limited = this.dropped > 0 || earlier?.limited === true;
    return {
      summary: {
        shown: this.shown,
        unreadable: this.parser.tally.unreadable,
        ...(limited ? { limited: true } : {}),
        ...(earlier?.bytes ? { earlier_bytes: earlier.bytes } : {}),
        elapsed_ms: Math.round(performance.now() - this.started),
      },
      ...(complete === undefined ? {} : { complete }),
      ...(failure ? { failure } : {}),
      notes: [...(this.question.follow ? [] : (this.source.notes ?? [])), ...notes],
    };
  }
}

function internal(error: unknown): Failure {
  return new Failure('INTERNAL', `ctsync failed: ${String(error)}`, { cause: error });
}
