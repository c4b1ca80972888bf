import type { Family, Flow, FlowFlag, Protocol, Tuple } from '../model/flow.js';
import { natOf } from '../model/nat.js';
import { protocolName } from '../model/protocol.js';
import type { ScannedText } from './line-scanner.js';
import { TupleScanner } from './tuple-scanner.js';

const U8 = 0xff;
const U16 = 0xffff;
const U32 = 0xffff_ffff;

/** Words that may follow free text, which has no end of its own (formats.md §2). */
const AFTER_SECCTX =
  / (?:zone=|delta-time=|\[start=|\[stop=|helper=|use=|id=|labels(?:=| |$)|\[expires in |\[active since )/;
const AFTER_LABELS = / \[(?:expires in |active since |USERSPACE\])/;

/**
 * One line of `conntrack -L` or of a conntrackd cache dump (formats.md §2, §9) as a flow. Words are read by position,
 * because keys repeat: the first `src=` opens the original tuple, the second one the reply. A word that is not known, or
 * whose value is not what its key promises, is kept in `extra` as it stands.
 *
 * @param scanned holds the line, from `start` to before `end`
 * @returns undefined where the line is no flow: no protocol, or an original tuple without two addresses of one family
 */
export function parseFlowLine(scanned: ScannedText, start = 0, end = scanned.text.length): Flow | undefined {
  return new FlowLineParser().parse(scanned, start, end);
}

/** {@link parseFlowLine} for many lines. */
export class FlowLineParser extends TupleScanner {
  private extra: string[] | undefined;

  parse(scanned: ScannedText, start: number, end: number): Flow | undefined {
    this.begin(scanned, start, end);
    this.extra = undefined;
    const printedFamily = this.skip('ipv4     2 ') ? 'ipv4' : this.skip('ipv6     10 ') ? 'ipv6' : undefined;
    const protocol = this.readProtocol();
    if (!protocol) return undefined;
    const timeout = this.number(U32);
    const state = this.capitalWord();
    const original = this.readTuple();
    if (!original) return undefined;
    const family = familyOf(original);
    if (printedFamily !== undefined && printedFamily !== family) return undefined;

    const flow: Flow = { family, protocol, original, status: [] };
    if (timeout !== undefined) flow.timeout = timeout;
    if (state !== undefined) flow.state = state;
    while (this.pos < this.end) if (!this.readWord(flow)) this.keepExtra();
    if (flow.reply) {
      const nat = natOf(original, flow.reply);
      if (nat) flow.nat = nat;
    }
    if (this.extra) flow.extra = this.extra;
    return flow;
  }

  /** `tcp      6 `: the padded name and the number. */
  private readProtocol(): Protocol | undefined {
    const printed = this.smallWord();
    if (printed === undefined) return undefined;
    this.skipSpaces();
    const number = this.number(U8);
    return number === undefined ? undefined : { name: protocolName(printed, number), number };
  }

  /** Reads one word behind the original tuple; false, and nothing read, where it is not known or was there before. */
  private readWord(flow: Flow): boolean {
    switch (this.bytes[this.pos]) {
      case 0x20: // a space too many
        this.pos++;
        return true;
      case 0x5b: // [
        return this.readFlag(flow) || this.readAge(flow) || this.readTime(flow);
      case 0x73: // s
        return this.readReply(flow) || this.readSecmark(flow) || this.readSecctx(flow);
      case 0x70: // p
        return this.readPackets(flow.reply ?? flow.original);
      case 0x62: // b
        return this.readBytes(flow.reply ?? flow.original);
      case 0x6d: // m
        return this.readMark(flow);
      case 0x75: // u
        return this.readUse(flow);
      case 0x69: // i
        return this.readId(flow);
      case 0x64: // d
        return this.readDeltaTime(flow);
      case 0x7a: // z
        return this.readZones(flow);
      case 0x68: // h
        return this.readHelper(flow);
      case 0x6c: // l
        return this.readLabels(flow);
      default:
        return false;
    }
  }

  private readReply(flow: Flow): boolean {
    if (flow.reply) return false;
    const { pos } = this;
    const reply = this.readTuple();
    if (!reply) return false;
    if (familyOf(reply) !== flow.family) {
      this.pos = pos;
      return false;
    }
    flow.reply = reply;
    return true;
  }

  /** Behind a `code=` that could not be read, `id=` is what is left of an ICMP tuple, not the id of the flow. */
  private readId(flow: Flow): boolean {
    if (this.extra?.at(-1)?.startsWith('code=')) return false;
    const id = flow.id === undefined ? this.numberAfter('id=', U32) : undefined;
    if (id === undefined) return false;
    flow.id = id;
    return true;
  }

  private readZones(flow: Flow): boolean {
    return (
      this.readZone(flow, 'zone=') ||
      this.readZone(flow.original, 'zone-orig=') ||
      (flow.reply !== undefined && this.readZone(flow.reply, 'zone-reply='))
    );
  }

  private readMark(flow: Flow): boolean {
    const mark = flow.mark === undefined ? this.numberAfter('mark=', U32) : undefined;
    if (mark === undefined) return false;
    flow.mark = mark;
    return true;
  }

  private readSecmark(flow: Flow): boolean {
    const secmark = flow.secmark === undefined ? this.numberAfter('secmark=', U32) : undefined;
    if (secmark === undefined) return false;
    flow.secmark = secmark;
    return true;
  }

  private readUse(flow: Flow): boolean {
    const use = flow.use === undefined ? this.numberAfter('use=', U32) : undefined;
    if (use === undefined) return false;
    flow.use = use;
    return true;
  }

  private readPackets(tuple: Tuple): boolean {
    const packets = tuple.packets === undefined ? this.counterAfter('packets=') : undefined;
    if (packets === undefined) return false;
    tuple.packets = packets;
    return true;
  }

  private readBytes(tuple: Tuple): boolean {
    const bytes = tuple.bytes === undefined ? this.counterAfter('bytes=') : undefined;
    if (bytes === undefined) return false;
    tuple.bytes = bytes;
    return true;
  }

  private readDeltaTime(flow: Flow): boolean {
    const seconds = flow.delta_time === undefined ? this.counterAfter('delta-time=') : undefined;
    if (seconds === undefined) return false;
    flow.delta_time = seconds;
    return true;
  }

  /** The zone of the flow, or of one direction only. */
  private readZone(target: { zone?: number }, key: string): boolean {
    const zone = target.zone === undefined ? this.numberAfter(key, U16) : undefined;
    if (zone === undefined) return false;
    target.zone = zone;
    return true;
  }

  private readFlag(flow: Flow): boolean {
    return (
      this.takeFlag(flow, '[ASSURED]', 'assured') ||
      this.takeFlag(flow, '[UNREPLIED]', 'unreplied') ||
      this.takeFlag(flow, '[OFFLOAD]', 'offload') ||
      this.takeFlag(flow, '[HW_OFFLOAD]', 'hw_offload')
    );
  }

  private takeFlag(flow: Flow, printed: string, flag: FlowFlag): boolean {
    if (!this.atWord(printed) || flow.status.includes(flag)) return false;
    flow.status.push(flag);
    this.pos += printed.length + 1;
    return true;
  }

  /** `[expires in 174s]`, `[active since 5s]`; an age is negative after the clock was set back. */
  private readAge(flow: Flow): boolean {
    const age = /^\[(expires in|active since) (-?\d{1,10})s\](?: |$)/.exec(this.rest());
    if (!age) return false;
    const field = age[1] === 'expires in' ? 'expires_in' : 'active_since';
    if (flow[field] !== undefined) return false;
    flow[field] = Number(age[2]);
    this.pos += age[0].length;
    return true;
  }

  /** `[start=Sun Nov 22 13:32:36 2026]`. */
  private readTime(flow: Flow): boolean {
    const time = /^\[(start|stop)=(\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d+)\](?: |$)/.exec(this.rest());
    if (!time) return false;
    const field = time[1] as 'start' | 'stop';
    if (flow[field] !== undefined) return false;
    flow[field] = time[2]!;
    this.pos += time[0].length;
    return true;
  }

  private readHelper(flow: Flow): boolean {
    if (flow.helper !== undefined || !this.at('helper=') || this.at('helper= ')) return false;
    flow.helper = this.freeText('helper='.length, this.wordEnd());
    return true;
  }

  /** A security context is free text: it ends where the next known word begins. */
  private readSecctx(flow: Flow): boolean {
    if (flow.secctx !== undefined || !this.at('secctx=')) return false;
    flow.secctx = this.freeText('secctx='.length, this.endBefore(AFTER_SECCTX));
    return true;
  }

  /** Label names may hold spaces, only the comma separates them; a bare `labels` means that none has a name. */
  private readLabels(flow: Flow): boolean {
    if (flow.labels !== undefined) return false;
    if (this.at('labels=')) {
      flow.labels = this.freeText('labels='.length, this.endBefore(AFTER_LABELS)).split(',');
      return true;
    }
    const end = this.wordEnd();
    if (this.text.substring(this.pos, end) !== 'labels') return false;
    flow.labels = [];
    this.pos = end + 1;
    return true;
  }

  private keepExtra(): void {
    (this.extra ??= []).push(this.freeText(0, this.wordEnd()));
  }
}

/** An IPv6 address has a colon, an IPv4 address has none. */
function familyOf(tuple: Tuple): Family {
  return tuple.src.includes(':') ? 'ipv6' : 'ipv4';
}
