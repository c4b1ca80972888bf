import type { Flow } from '../model/flow.js';
import { FlowLineParser } from './flow-line.js';
import { scannedText, type ScannedText } from './line-scanner.js';

/** What a dump held beside its flows. */
export interface DumpTally {
  /** Lines that are flows. */
  rows: number;
  /** Lines that are none: garbage, or longer than any tool prints. */
  unreadable: number;
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
/** What conntrackd's client says about the configuration before it answers; no part of the dump (formats.md §8). */
const NOTICE = /^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d+\] \(pid=\d+\) \[\w+\] /;

/**
 * Cuts the bytes of a dump into lines and parses them, a batch of flows for each chunk. Memory follows the chunk, not the
 * dump, whatever the dump holds: a line without an end is counted and dropped.
 */
export class FlowDumpParser {
  private readonly lines = new FlowLineParser();
  readonly tally: DumpTally = { rows: 0, unreadable: 0, cut: false, bytes: 0 };
  /** What came after the last newline. */
  private rest: Buffer = NOTHING;
  /** Within a line that is longer than any: what comes is dropped up to its end. */
  private overlong = false;
  /** The front half of a row that conntrack's summary was printed into: stdout is block buffered, stderr is not. */
  private torn = '';

  /** The flows whose lines end in this chunk. */
  push(chunk: Buffer): Flow[] {
    this.tally.bytes += chunk.length;
    const lastNewline = chunk.lastIndexOf(NEWLINE);
    if (lastNewline < 0) {
      this.keep(chunk);
      return [];
    }
    const lines = this.withRest(chunk.subarray(0, lastNewline + 1));
    this.keep(chunk.subarray(lastNewline + 1));
    return this.readLines(lines);
  }

  /** To be called once after the last chunk: what is left has no newline and was cut off. */
  end(): void {
    const rest = this.rest.toString('latin1');
    const cut = rest !== '' && !this.readSummary(rest);
    this.tally.cut = cut || this.torn !== '' || this.overlong;
  }

  private withRest(lines: Buffer): Buffer {
    const whole = this.rest.length === 0 ? lines : Buffer.concat([this.rest, lines]);
    this.rest = NOTHING;
    if (!this.overlong) return whole;
    this.overlong = false;
    return whole.subarray(whole.indexOf(NEWLINE) + 1);
  }

  private keep(bytes: Buffer): void {
    if (this.overlong || bytes.length === 0) return;
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    if (this.rest.length <= LONGEST_LINE) return;
    this.countUnreadable(this.rest.toString('latin1', 0, SHOWN_OF_UNREADABLE));
    this.rest = NOTHING;
    this.overlong = true;
  }

  private readLines(lines: Buffer): Flow[] {
    const scanned = scannedText(lines);
    const flows: Flow[] = [];
    let start = 0;
    while (start < lines.length) {
      const end = lines.indexOf(NEWLINE, start);
      const flow = this.readLine(scanned, start, end);
      if (flow) flows.push(flow);
      start = end + 1;
    }
    this.tally.rows += flows.length;
    return flows;
  }

  private readLine(scanned: ScannedText, start: number, end: number): Flow | undefined {
    const { bytes, text } = scanned;
    // The summary comes first: torn into a row, it would read as a flow with words too many.
    if (bytes[end - 1] === DOT && this.readSummary(text.substring(start, end))) return undefined;
    const flow = this.torn === '' ? this.lines.parse(scanned, start, end) : this.joinTorn(text.substring(start, end));
    if (!flow && end > start) this.readOther(text.substring(start, end));
    return flow;
  }

  private joinTorn(line: string): Flow | undefined {
    const whole = scannedText(Buffer.from(this.torn + line, 'latin1'));
    this.torn = '';
    return this.lines.parse(whole, 0, whole.text.length);
  }

  private readOther(line: string): void {
    if (!NOTICE.test(line)) this.countUnreadable(line);
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
