import { ASSURED, FlowRow, flowOf, HW_OFFLOAD, OFFLOAD, Span, type TupleRow, UNREPLIED } from '../model/flow-row.js';
import type { Flow } from '../model/flow.js';
import { U16, U32, U64, U8, word, type Word } from './line-scanner.js';
import { TupleScanner } from './tuple-scanner.js';

const IPV4 = word('ipv4     2 ');
const IPV6 = word('ipv6     10 ');
const SECMARK = word('secmark=');
const PACKETS = word('packets=');
const BYTES = word('bytes=');
const MARK = word('mark=');
const USE = word('use=');
const DELTA_TIME = word('delta-time=');
const ID = word('id=');
const ZONE = word('zone=');
const ZONE_ORIG = word('zone-orig=');
const ZONE_REPLY = word('zone-reply=');
const ASSURED_FLAG = word('[ASSURED]');
const UNREPLIED_FLAG = word('[UNREPLIED]');
const OFFLOAD_FLAG = word('[OFFLOAD]');
const HW_OFFLOAD_FLAG = word('[HW_OFFLOAD]');
const HELPER = word('helper=');
const SECCTX = word('secctx=');
const NAMED_LABELS = word('labels=');
const LABELS = word('labels');

/** Words that may follow free text, which has no end of its own (formats.md §2). */
const AFTER_SECCTX =
  / (?:zone=|delta-time=|\[start=|\[stop=|helper=|use=|id=|labels(?:=| |$)|\[expires in |\[active since )/;
const AFTER_LABELS = / \[(?:expires in |active since |USERSPACE\])/;
/** More than an age or a time takes: a hostile line must not be copied for each of its words. */
const LONGEST_BRACKET = 64;

/** One line of `conntrack -L` or of a conntrackd cache dump as a flow, or undefined where it is none. */
export function parseFlowLine(line: Buffer): Flow | undefined {
  const row = new FlowRow();
  return new FlowLineScanner().scan(row, line, 0, line.length) ? flowOf(row) : undefined;
}

/** How much of a line is looked at. */
export interface ScanExtent {
  /** Not its mark, nor what follows that: whoever only counts flows does not ask for it. */
  upToCounters?: boolean;
}

/**
 * Puts down where the fields of a line stand (formats.md §2, §9). Words are read by position, because keys repeat: the
 * first `src=` opens the original tuple, the second one the reply. A word that is not known, or whose value is not what
 * its key promises, or that was there before, is put down in `extra`.
 */
export class FlowLineScanner extends TupleScanner {
  private readonly upToCounters: boolean;

  constructor({ upToCounters = false }: ScanExtent = {}) {
    super();
    this.upToCounters = upToCounters;
  }

  /**
   * @param bytes hold the line, from `start` to before `end`
   * @returns false where the line is no flow: no protocol, or an original tuple without two addresses of one family; the
   *   row holds nothing of use then
   */
  scan(row: FlowRow, bytes: Buffer, start: number, end: number): boolean {
    this.begin(bytes, start, end);
    row.clear();
    row.bytes = bytes;
    row.view = this.view;
    row.line.put(start, end);
    const printed = this.skip(IPV4) ? 'ipv4' : this.skip(IPV6) ? 'ipv6' : undefined;
    if (!this.readProtocol(row)) return false;
    this.number(row.timeout, U32);
    this.capitalWord(row.state);
    const family = this.readTuple(row.original);
    if (family === undefined || (printed !== undefined && printed !== family)) return false;
    row.family = family;
    while (this.pos < this.end && !this.isEnough()) if (!this.readWord(row)) this.keepExtra(row);
    return true;
  }

  /** The mark stands behind all counters and flags; conntrack prints it for every flow of its table, 0 too. */
  private isEnough(): boolean {
    return this.upToCounters && this.at(MARK);
  }

  /** `tcp      6 `: the padded name and the number. */
  private readProtocol(row: FlowRow): boolean {
    if (!this.smallWord(row.protocol)) return false;
    this.skipSpaces();
    if (!this.number(row.protocolDigits, U8)) return false;
    row.protocolNumber = row.number(row.protocolDigits);
    return true;
  }

  /** Reads one word behind the original tuple; false, and nothing read, where it is not known or was there before. */
  private readWord(row: FlowRow): boolean {
    switch (this.bytes[this.pos]) {
      case 0x20: // a space too many
        this.pos++;
        return true;
      case 0x5b: // [
        return this.readFlag(row) || this.readAge(row) || this.readTime(row);
      case 0x73: // s
        return this.readReply(row) || this.numberAfter(SECMARK, row.secmark, U32) || this.readSecctx(row);
      case 0x70: // p
        return this.numberAfter(PACKETS, this.direction(row).packets, U64);
      case 0x62: // b
        return this.numberAfter(BYTES, this.direction(row).bytes, U64);
      case 0x6d: // m
        return this.numberAfter(MARK, row.mark, U32);
      case 0x75: // u
        return this.numberAfter(USE, row.use, U32);
      case 0x69: // i
        return this.readId(row);
      case 0x64: // d
        return this.numberAfter(DELTA_TIME, row.deltaTime, U64);
      case 0x7a: // z
        return this.readZones(row);
      case 0x68: // h
        return this.readHelper(row);
      case 0x6c: // l
        return this.readLabels(row);
      default:
        return false;
    }
  }

  /** Counters belong to the tuple that they follow. */
  private direction(row: FlowRow): TupleRow {
    return row.reply.src.given ? row.reply : row.original;
  }

  private readReply(row: FlowRow): boolean {
    if (row.reply.src.given) return false;
    row.mirrored = this.readMirrored(row.reply, row.original);
    if (row.mirrored) return true;
    const { pos } = this;
    const family = this.readTuple(row.reply);
    if (family === row.family) return true;
    row.reply.clear();
    this.pos = pos;
    return false;
  }

  /** Behind a `code=` that could not be read, `id=` is what is left of an ICMP tuple, not the id of the flow. */
  private readId(row: FlowRow): boolean {
    const before = row.extra.at(-1);
    if (before !== undefined && row.text(before).startsWith('code=')) return false;
    return this.numberAfter(ID, row.id, U32);
  }

  private readZones(row: FlowRow): boolean {
    return (
      this.numberAfter(ZONE, row.zone, U16) ||
      this.numberAfter(ZONE_ORIG, row.original.zone, U16) ||
      (row.reply.src.given && this.numberAfter(ZONE_REPLY, row.reply.zone, U16))
    );
  }

  private readFlag(row: FlowRow): boolean {
    return (
      this.takeFlag(row, ASSURED_FLAG, ASSURED) ||
      this.takeFlag(row, UNREPLIED_FLAG, UNREPLIED) ||
      this.takeFlag(row, OFFLOAD_FLAG, OFFLOAD) ||
      this.takeFlag(row, HW_OFFLOAD_FLAG, HW_OFFLOAD)
    );
  }

  private takeFlag(row: FlowRow, printed: Word, flag: number): boolean {
    if (!this.atWord(printed) || row.status & flag) return false;
    row.status |= flag;
    this.pos += printed.length + 1;
    return true;
  }

  /** `[expires in 174s]`, `[active since 5s]`; an age is negative after the clock was set back. */
  private readAge(row: FlowRow): boolean {
    const age = /^(\[(expires in|active since) )(-?(?:0|[1-9]\d{0,9}))s\](?: |$)/.exec(this.rest(LONGEST_BRACKET));
    return age !== null && this.takeMatch(age[2] === 'expires in' ? row.expiresIn : row.activeSince, age);
  }

  /** `[start=Sun Nov 22 13:32:36 2026]`. */
  private readTime(row: FlowRow): boolean {
    const time = /^(\[(start|stop)=)(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d+)\](?: |$)/.exec(this.rest(LONGEST_BRACKET));
    return time !== null && this.takeMatch(time[2] === 'start' ? row.start : row.stop, time);
  }

  /** The third group of a match at the position, which stands behind the first. */
  private takeMatch(into: Span, [whole, before = '', , value = '']: RegExpExecArray): boolean {
    if (into.given) return false;
    const start = this.pos + before.length;
    into.put(start, start + value.length);
    this.pos += whole.length;
    return true;
  }

  private readHelper(row: FlowRow): boolean {
    if (row.helper.given || !this.at(HELPER) || this.atWord(HELPER)) return false;
    this.freeText(row.helper, 'helper='.length, this.wordEnd());
    return true;
  }

  /** A security context is free text: it ends where the next known word begins. */
  private readSecctx(row: FlowRow): boolean {
    if (row.secctx.given || !this.at(SECCTX)) return false;
    this.freeText(row.secctx, 'secctx='.length, this.endBefore(AFTER_SECCTX));
    return true;
  }

  /** Label names may hold spaces, only the comma separates them; a bare `labels` means that none has a name. */
  private readLabels(row: FlowRow): boolean {
    if (row.labels.given) return false;
    const named = this.at(NAMED_LABELS);
    if (!named && !this.atWord(LABELS)) return false;
    this.freeText(row.labels, 'labels'.length, named ? this.endBefore(AFTER_LABELS) : this.wordEnd());
    return true;
  }

  private keepExtra(row: FlowRow): void {
    const word = new Span();
    this.freeText(word, 0, this.wordEnd());
    row.extra.push(word);
  }
}
