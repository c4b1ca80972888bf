/** More than any line of conntrackd's or of its journal; of one that is longer, the beginning is kept. */
const LONGEST_LINE = 64 * 1024;
const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/** A line without its end. */
export interface CutLine {
  text: string;
  /** What is there is not all of it: it is too long, or its end was not there. */
  truncated: boolean;
}

/** Cuts bytes into lines. Memory follows the chunk, not the line: what is longer than any line is dropped up to its end. */
export class LineCutter {
  private rest: Buffer = NOTHING;
  private overlong = false;

  /** The lines that end in this chunk. */
  push(chunk: Buffer): CutLine[] {
    const lines: CutLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      lines.push(this.lineEndingIn(chunk.subarray(start, end)));
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
    return lines;
  }

  /** The line that has no end: nothing follows it any more. */
  end(): CutLine[] {
    return this.rest.length === 0 && !this.overlong ? [] : [this.taken(true)];
  }

  private lineEndingIn(bytes: Buffer): CutLine {
    const isWhole = this.rest.length === 0 && !this.overlong && bytes.length <= LONGEST_LINE;
    if (isWhole) return { text: textOf(bytes.subarray(endOfZeros(bytes))), truncated: false };
    this.keep(bytes);
    return this.taken(false);
  }

  private keep(bytes: Buffer): void {
    const content = this.rest.length === 0 && !this.overlong ? bytes.subarray(endOfZeros(bytes)) : bytes;
    const room = LONGEST_LINE - this.rest.length;
    if (content.length > room) this.overlong = true;
    // A copy: the chunk need not stand when the next one comes.
    if (content.length > 0 && room > 0) this.rest = Buffer.concat([this.rest, content.subarray(0, room)]);
  }

  private taken(cut: boolean): CutLine {
    const line = { text: textOf(this.rest), truncated: cut || this.overlong };
    this.rest = NOTHING;
    this.overlong = false;
    return line;
  }
}

/** A log may have been through a system with other line ends. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

/** Where a file was emptied under its writer, a hole of zeros stands before its next line. */
function endOfZeros(bytes: Buffer): number {
  let at = 0;
  while (bytes[at] === 0) at++;
  return at;
}
