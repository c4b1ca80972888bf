import type { Family, Flow, FlowFlag, Protocol, Tuple } from '../model/flow.js';
import { natOf } from '../model/nat.js';
import type { Counter } from '../model/number.js';
import { protocolName } from '../model/protocol.js';
import { addressFamily } from './address.js';
import { LineScanner, type ScannedText } from './line-scanner.js';

const U8 = 0xff;
const U16 = 0xffff;
const U32 = 0xffff_ffff;

const FLAGS: Readonly<Record<string, FlowFlag>> = {
  '[UNREPLIED]': 'unreplied',
  '[ASSURED]': 'assured',
  '[OFFLOAD]': 'offload',
  '[HW_OFFLOAD]': 'hw_offload',
};

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
  return new FlowLine(scanned, start, end).read();
}

class FlowLine extends LineScanner {
  private extra: string[] | undefined;

  read(): Flow | undefined {
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

  /** `src=A dst=B` with the protocol's own part; undefined, and nothing read, where both are not of one family. */
  private readTuple(): Tuple | undefined {
    const { bytes, text, pos } = this;
    if (!this.skip('src=')) return undefined;
    const srcStart = this.pos;
    const srcEnd = this.wordEnd();
    this.pos = srcEnd + 1;
    const dstStart = srcEnd + 5;
    const dstEnd = this.skip('dst=') ? this.wordEnd() : -1;
    const family = addressFamily(bytes, srcStart, srcEnd);
    if (dstEnd < 0 || family === undefined || addressFamily(bytes, dstStart, dstEnd) !== family) {
      this.pos = pos;
      return undefined;
    }
    this.pos = dstEnd + 1;
    const src = text.substring(srcStart, srcEnd);
    const dst = text.substring(dstStart, dstEnd);
    return this.readPorts(src, dst) ?? this.readIcmp(src, dst) ?? this.readCallKeys(src, dst) ?? { src, dst };
  }

  /** `sport=N dport=N`. */
  private readPorts(src: string, dst: string): Tuple | undefined {
    const { pos } = this;
    const sport = this.skip('sport=') ? this.number(U16) : undefined;
    const dport = sport !== undefined && this.skip('dport=') ? this.number(U16) : undefined;
    if (sport !== undefined && dport !== undefined) return { src, dst, sport, dport };
    this.pos = pos;
    return undefined;
  }

  /** `type=N code=N id=N`. */
  private readIcmp(src: string, dst: string): Tuple | undefined {
    const { pos } = this;
    const type = this.skip('type=') ? this.number(U8) : undefined;
    const code = type !== undefined && this.skip('code=') ? this.number(U8) : undefined;
    const id = code !== undefined && this.skip('id=') ? this.number(U16) : undefined;
    if (type !== undefined && code !== undefined && id !== undefined) return { src, dst, type, code, id };
    this.pos = pos;
    return undefined;
  }

  /** `srckey=0xN dstkey=0xN`, GRE. */
  private readCallKeys(src: string, dst: string): Tuple | undefined {
    const keys = this.at('srckey=') ? /^srckey=(0x[0-9a-f]+) dstkey=(0x[0-9a-f]+)(?= |$)/.exec(this.rest()) : null;
    if (!keys) return undefined;
    this.pos += keys[0].length + 1;
    return { src, dst, srckey: keys[1]!, dstkey: keys[2]! };
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
        return this.readReply(flow) || this.readOnce(flow, 'secmark', 'secmark=', U32) || this.readSecctx(flow);
      case 0x70: // p
        return this.readCounter(flow.reply ?? flow.original, 'packets', 'packets=');
      case 0x62: // b
        return this.readCounter(flow.reply ?? flow.original, 'bytes', 'bytes=');
      case 0x6d: // m
        return this.readOnce(flow, 'mark', 'mark=', U32);
      case 0x75: // u
        return this.readOnce(flow, 'use', 'use=', U32);
      case 0x69: // i
        return this.readId(flow);
      case 0x64: // d
        return this.readCounter(flow, 'delta_time', 'delta-time=');
      case 0x7a: // z
        return this.readZone(flow);
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
    return this.readOnce(flow, 'id', 'id=', U32);
  }

  private readZone(flow: Flow): boolean {
    return (
      this.readOnce(flow, 'zone', 'zone=', U16) ||
      this.readOnce(flow.original, 'zone', 'zone-orig=', U16) ||
      (flow.reply !== undefined && this.readOnce(flow.reply, 'zone', 'zone-reply=', U16))
    );
  }

  private readOnce<K extends 'zone' | 'mark' | 'secmark' | 'use' | 'id'>(
    target: Partial<Record<K, number>>,
    field: K,
    key: string,
    most: number,
  ): boolean {
    const { pos } = this;
    if (target[field] !== undefined || !this.skip(key)) return false;
    const value = this.number(most);
    if (value === undefined) {
      this.pos = pos;
      return false;
    }
    target[field] = value;
    return true;
  }

  private readCounter<K extends 'packets' | 'bytes' | 'delta_time'>(
    target: Partial<Record<K, Counter>>,
    field: K,
    key: string,
  ): boolean {
    const { pos } = this;
    if (target[field] !== undefined || !this.skip(key)) return false;
    const value = this.counter();
    if (value === undefined) {
      this.pos = pos;
      return false;
    }
    target[field] = value;
    return true;
  }

  private readFlag(flow: Flow): boolean {
    const end = this.wordEnd();
    const flag = FLAGS[this.text.substring(this.pos, end)];
    if (flag === undefined || flow.status.includes(flag)) return false;
    flow.status.push(flag);
    this.pos = end + 1;
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
