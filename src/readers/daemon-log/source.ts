import type { LogOrigin, LogRecord, LogVerdict } from '../../model/daemon-log.js';
import type { LogTally } from '../../parsers/daemon-log.js';
import type { TimeZone } from '../../parsers/time-zone.js';
import type { LogPiece } from '../../sources/followed-log.js';

/** What a source knows about a log beyond its records. */
export type Judgement = Pick<LogVerdict, 'complete' | 'failure'> & { notes?: readonly string[] };

/** What is known of the part of a log that is not read. */
export interface Earlier {
  /** Absent where that is not known. */
  bytes?: number;
  /** Whether it was left out because there would have been more records than were asked for. */
  limited: boolean;
}

/** The first and the last record that has a time, whether they are shown or not; of all that was read. */
export interface LogEnds {
  first?: LogRecord;
  last?: LogRecord;
}

/** Where a log comes from and how it is judged. */
export interface LogSource {
  origin: LogOrigin;
  zone?: TimeZone;
  /** Begin when they are asked for. */
  pieces: AsyncIterable<LogPiece>;
  /** Of what comes, only the last so many records belong to the answer. */
  keep: number | 'all';
  earlier?: () => Earlier;
  /** What an operator should read beside what comes. */
  notes?: readonly string[];
  judge(tally: LogTally, ends: LogEnds): Promise<Judgement>;
}
