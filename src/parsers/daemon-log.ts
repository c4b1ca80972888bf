import type { LogRecord } from '../model/daemon-log.js';
import { LineCutter, type CutLine } from './daemon-log/line-cutter.js';
import type { LogClock } from './daemon-log/log-clock.js';
import { readLogLine } from './daemon-log/log-line.js';

/** What a log held beside its records. */
export interface LogTally {
  /** Lines that are none of conntrackd's, nor of another program in a syslog file. */
  unreadable: number;
  /** Lines of other programs; they are left out. */
  others: number;
  /** Lines that are conntrackd's. */
  own: number;
  /** The last line has no end. */
  cut: boolean;
}

/**
 * Reads conntrackd's log, whichever way it was written: its own file, the log of ended flows, a syslog file, or the journal
 * as JSON. Each line is a record, also one that can't be understood; memory follows the chunk.
 */
export class DaemonLogParser {
  readonly tally: LogTally = { unreadable: 0, others: 0, own: 0, cut: false };
  private readonly lines = new LineCutter();
  private readonly clock: LogClock;

  constructor(clock: LogClock) {
    this.clock = clock;
  }

  /** The records whose lines end in this chunk. */
  push(chunk: Buffer): LogRecord[] {
    return this.recordsOf(this.lines.push(chunk));
  }

  /** The record of a line without an end: the file ends there, or another one begins. May be followed by more chunks. */
  end(): LogRecord[] {
    const rest = this.lines.end();
    this.tally.cut = rest.length > 0;
    return this.recordsOf(rest);
  }

  private recordsOf(lines: readonly CutLine[]): LogRecord[] {
    const records: LogRecord[] = [];
    for (const line of lines) {
      const record = line.text === '' ? undefined : this.record(line);
      if (record !== undefined) records.push(record);
    }
    return records;
  }

  private record({ text, truncated }: CutLine): LogRecord | undefined {
    const record = readLogLine(text, this.clock);
    if (record === 'other') {
      this.tally.others++;
      return undefined;
    }
    if (record === undefined) {
      this.tally.unreadable++;
      return { message: text, ...(truncated ? { truncated } : {}) };
    }
    this.tally.own++;
    return truncated ? asFarAsItGoes(record) : record;
  }
}

/** Half a message may mean something else: `resync requested` goes on with ` by other node`. */
function asFarAsItGoes({ event: _event, flow: _flow, expectation: _expectation, ...record }: LogRecord): LogRecord {
  return { ...record, truncated: true };
}
