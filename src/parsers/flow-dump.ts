import { FlowRow } from '../model/flow-row.js';
import { FlowLineScanner, type ScanExtent } from './flow-line.js';

/** Whether a flow belongs to the answer. */
export type Accepts = (row: FlowRow) => boolean;

/** What a dump held beside its flows. */
export interface DumpTally {
  /** Lines that are flows. */
  rows: number;
  /** Lines that are none: garbage, or longer than any tool prints. */
  unreadable: number;
  /** Lines that are messages of conntrackd, which say nothing about flows. */
  notices: number;
  /** The first unreadable line, cut to a length that can be shown; it may hold any bytes. */
  firstUnreadable?: string;
  /** conntrack's own count, where its summary line was captured together with the rows. */
  announced?: number;
  /** The last line had no newline: it was cut, and is not among the rows. */
  cut: boolean;
  /** Bytes read. */
  bytes: number;
}

/** conntrack's longest line is 4096 bytes (formats.md §1); what is longer than this is not conntrack's. */
const LONGEST_LINE = 64 * 1024;
const SHOWN_OF_UNREADABLE = 200;

const NEWLINE = 0x0a;
const DOT = 0x2e;
const NOTHING = Buffer.alloc(0);

/** conntrack's last word on stderr, as it stands in a capture made with `2>&1` (formats.md §6). */
const SUMMARY = /conntrack v[\w.]+ \(conntrack-tools\): (\d+) flow entries have been shown\.$/;
/**
 * What conntrackd's client says about the configuration before it answers; no part of the dump (formats.md §8). An error is
 * more than that: behind it there is no answer.
 */
const NOTICE = /^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d+\] \(pid=\d+\) \[(?!ERROR\])\w+\] /;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts the bytes of a dump into lines and parses them, a batch of flows for each chunk. Memory follows the chunk, not the
 * dump, whatever the dump holds: a line without an end is counted and dropped. Rows are used again: those of a batch
 * stand until the next chunk is pushed.
 */
export class FlowDumpParser {
  private readonly lines: FlowLineScanner;
  private readonly accepts: Accepts | undefined;
  /** As many as the largest batch had. */
  private readonly pool: FlowRow[] = [];
  readonly tally: DumpTally = { rows: 0, unreadable: 0, notices: 0, cut: false, bytes: 0 };
  /** What came after the last newline. */
  private rest: Buffer = NOTHING;
  /** Within a line that is longer than any: what comes is dropped up to its end. */
  private overlong = false;
  /** The front half of a row that conntrack's summary was printed into: stdout is block buffered, stderr is not. */
  private torn = '';

  /**
   * @param accepts which flows to hand over; all are counted
   * @param extent how much of each is wanted, as {@link FlowLineScanner} has it
   */
  constructor(accepts?: Accepts, extent: ScanExtent = {}) {
    this.accepts = accepts;
    this.lines = new FlowLineScanner(extent);
  }

  /** The flows whose lines end in this chunk, which must stand as long as they do. */
  push(chunk: Buffer): FlowRow[] {
    this.tally.bytes += chunk.length;
    const firstNewline = chunk.indexOf(NEWLINE);
    if (firstNewline < 0) {
      this.keep(chunk);
      return [];
    }
    const lastNewline = chunk.lastIndexOf(NEWLINE);
    const begun = this.finishLine(chunk.subarray(0, firstNewline + 1));
    const taken = this.readLines(chunk, firstNewline + 1, lastNewline + 1, this.readLines(begun, 0, begun.length, 0));
    this.keep(chunk.subarray(lastNewline + 1));
    return this.pool.slice(0, taken);
  }

  /** To be called once after the last chunk: what is left has no newline and was cut off. */
  end(): void {
    const rest = this.rest.toString('latin1');
    const cut = rest !== '' && !this.readSummary(rest);
    this.tally.cut = cut || this.torn !== '' || this.overlong;
  }

  /** The line that the chunk before has begun, which ends in this one; nothing where it is longer than any. */
  private finishLine(end: Buffer): Buffer {
    const line = this.rest.length === 0 ? end : Buffer.concat([this.rest, end]);
    this.rest = NOTHING;
    if (!this.overlong) return line;
    this.overlong = false;
    return NOTHING;
  }

  private keep(bytes: Buffer): void {
    if (this.overlong || bytes.length === 0) return;
    // A copy: the chunk need not stand when the next one comes.
    this.rest = Buffer.concat([this.rest, bytes]);
    if (this.rest.length <= LONGEST_LINE) return;
    this.countUnreadable(this.rest.toString('latin1', 0, SHOWN_OF_UNREADABLE));
    this.rest = NOTHING;
    this.overlong = true;
  }

  /**
   * Reads the lines from `start` to before `end`, of which the last one is whole, too.
   *
   * @param taken how many rows of the pool are in use
   * @returns how many are then
   */
  private readLines(lines: Buffer, start: number, end: number, taken: number): number {
    const { accepts, pool } = this;
    while (start < end) {
      const newline = lines.indexOf(NEWLINE, start);
      const row = (pool[taken] ??= new FlowRow());
      if (this.readLine(row, lines, start, newline)) {
        this.tally.rows++;
        if (accepts === undefined || accepts(row)) taken++;
      }
      start = newline + 1;
    }
    return taken;
  }

  private readLine(row: FlowRow, lines: Buffer, start: number, newline: number): boolean {
    // A capture may have been through a system with other line ends.
    const end = lines[newline - 1] === CARRIAGE_RETURN && newline > start ? newline - 1 : newline;
    // The summary comes first: torn into a row, it would read as a flow with words too many.
    if (lines[end - 1] === DOT && this.readSummary(lines.toString('latin1', start, end))) return false;
    const isFlow = this.torn === '' ? this.lines.scan(row, lines, start, end) : this.joinTorn(row, lines, start, end);
    if (!isFlow && end > start) this.readOther(lines.toString('latin1', start, end));
    return isFlow;
  }

  private joinTorn(row: FlowRow, lines: Buffer, start: number, end: number): boolean {
    const whole = Buffer.concat([Buffer.from(this.torn, 'latin1'), lines.subarray(start, end)]);
    this.torn = '';
    return this.lines.scan(row, whole, 0, whole.length);
  }

  private readOther(line: string): void {
    if (NOTICE.test(line)) this.tally.notices++;
    else this.countUnreadable(line);
  }

  private readSummary(line: string): boolean {
    const summary = SUMMARY.exec(line);
    if (!summary) return false;
    this.tally.announced = (this.tally.announced ?? 0) + Number(summary[1]);
    this.torn = line.substring(0, summary.index);
    return true;
  }

  private countUnreadable(line: string): void {
    this.tally.unreadable++;
    this.tally.firstUnreadable ??= line.slice(0, SHOWN_OF_UNREADABLE);
  }
}
