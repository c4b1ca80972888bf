import type { Family, Flow, FlowFlag, Nat, Protocol, Tuple } from './flow.js';
import type { Names } from './names.js';
import { counterOf, type Counter } from './number.js';
import { protocolName } from './protocol.js';

const NO_BYTES = Buffer.alloc(0);
const ZERO = 0x30;
const HYPHEN = 0x2d;
const WORD = 4;
/** Numbers of this many digits are exact in floating point, whatever the digits. */
const EXACT_DIGITS = 15;

/** Where a value stands in the bytes of its row: from `start` to before `end`. */
export class Span {
  start = 0;
  end = 0;

  /** False where the row does not have the field; a field that is there may still be empty. */
  get given(): boolean {
    return this.end !== 0;
  }

  put(start: number, end: number): void {
    this.start = start;
    this.end = end;
  }

  clear(): void {
    this.end = 0;
  }
}

/** One direction of a {@link FlowRow}; the fields are those of a tuple (formats.md §2). */
export class TupleRow {
  readonly src = new Span();
  readonly dst = new Span();
  readonly sport = new Span();
  readonly dport = new Span();
  readonly srckey = new Span();
  readonly dstkey = new Span();
  readonly type = new Span();
  readonly code = new Span();
  readonly id = new Span();
  readonly zone = new Span();
  readonly packets = new Span();
  readonly bytes = new Span();

  clear(): void {
    this.src.clear();
    this.dst.clear();
    this.sport.clear();
    this.dport.clear();
    this.srckey.clear();
    this.dstkey.clear();
    this.type.clear();
    this.code.clear();
    this.id.clear();
    this.zone.clear();
    this.packets.clear();
    this.bytes.clear();
  }
}

/** A line whose fields are decoded when they are asked for. */
export class Row {
  /** Holds the line; used again for other lines once the batch of this row has been read. */
  bytes: Buffer = NO_BYTES;
  /** The same bytes, to be read in words of four. */
  view: DataView = new DataView(new ArrayBuffer(0));

  /** Text of an ASCII field. */
  text({ start, end }: Span): string {
    return this.bytes.toString('latin1', start, end);
  }

  /** Text of a field that may hold any bytes, such as a name: UTF-8. */
  freeText({ start, end }: Span): string {
    return this.bytes.toString('utf8', start, end);
  }

  /** A number of at most 15 digits, which may have a sign. */
  number({ start, end }: Span): number {
    const { bytes } = this;
    const negative = bytes[start] === HYPHEN;
    let value = 0;
    for (let i = negative ? start + 1 : start; i < end; i++) value = value * 10 + bytes[i]! - ZERO;
    return negative ? -value : value;
  }

  /** A 64-bit counter, exact. */
  counter(span: Span): Counter {
    return span.end - span.start <= EXACT_DIGITS ? this.number(span) : counterOf(this.text(span));
  }

  /** True where the field is exactly this ASCII text. */
  holds({ start, end }: Span, text: string): boolean {
    if (end - start !== text.length) return false;
    const { bytes } = this;
    for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }
}

/** What conntrack says in brackets; the place of a flag is its bit in {@link FlowRow.status}. */
export const FLAGS: readonly FlowFlag[] = ['unreplied', 'assured', 'offload', 'hw_offload'];
export const UNREPLIED = 1;
export const ASSURED = 2;
export const OFFLOAD = 4;
export const HW_OFFLOAD = 8;

export const SNAT = 1;
export const DNAT = 2;

/** Protocols that have occurred, with what conntrack printed for them. */
const protocols: { printed: string; protocol: Protocol }[] = [];
/** More than there are; a hostile capture may have any number of names. */
const MOST_PROTOCOLS = 64;

/**
 * A flow as it stands in its line: where each field is, not what it is. A million of them pass through a handful of these
 * objects, and a question decodes only the fields that it asks for; what is shown is copied from the line byte for byte.
 * Whoever fills it has checked every field: numbers are digits within their range and without leading zeros, addresses are
 * whole addresses of one family. {@link flowOf} gives the same flow as an object of its own.
 */
export class FlowRow extends Row {
  /** The whole line, without its newline. */
  readonly line = new Span();
  family: Family = 'ipv4';
  /** As printed: `unknown` where conntrack has no name for the number. */
  readonly protocol = new Span();
  readonly protocolDigits = new Span();
  protocolNumber = 0;
  /** Seconds. */
  readonly timeout = new Span();
  readonly state = new Span();
  readonly original = new TupleRow();
  /** Not there (`reply.src.given` is false) in the external cache. */
  readonly reply = new TupleRow();
  /** The reply is known to be the original mirrored; where it is not known, it may be all the same. */
  mirrored = false;
  /** Bits of {@link FLAGS}. */
  status = 0;
  readonly mark = new Span();
  readonly secmark = new Span();
  readonly secctx = new Span();
  readonly zone = new Span();
  /** Seconds since the flow was created. */
  readonly deltaTime = new Span();
  readonly start = new Span();
  readonly stop = new Span();
  readonly helper = new Span();
  readonly use = new Span();
  readonly id = new Span();
  /** What follows the word `labels`: nothing, or `=` and the names with commas between them. */
  readonly labels = new Span();
  readonly expiresIn = new Span();
  readonly activeSince = new Span();
  /** Words that are not known, in their order. */
  readonly extra: Span[] = [];
  /** Where names are to be shown instead of numbers; set for each batch. */
  names: Names | undefined = undefined;

  clear(): void {
    this.protocolDigits.clear();
    this.timeout.clear();
    this.state.clear();
    this.original.clear();
    this.reply.clear();
    this.mirrored = false;
    this.status = 0;
    this.mark.clear();
    this.secmark.clear();
    this.secctx.clear();
    this.zone.clear();
    this.deltaTime.clear();
    this.start.clear();
    this.stop.clear();
    this.helper.clear();
    this.use.clear();
    this.id.clear();
    this.labels.clear();
    this.expiresIn.clear();
    this.activeSince.clear();
    if (this.extra.length > 0) this.extra.length = 0;
  }

  /** The protocol with the name to show: IANA's where conntrack has none. The same object for the same protocol. */
  knownProtocol(): Protocol {
    // Most flows have the protocol of an earlier one, which need not be made again.
    for (const { printed, protocol } of protocols)
      if (protocol.number === this.protocolNumber && this.holds(this.protocol, printed)) return protocol;
    const printed = this.text(this.protocol);
    const number = this.protocolNumber;
    const protocol = { name: protocolName(printed, number), number };
    if (protocols.length < MOST_PROTOCOLS) protocols.push({ printed, protocol });
    return protocol;
  }

  /** The name of {@link knownProtocol}. */
  protocolName(): string {
    return this.knownProtocol().name;
  }

  /** Label names; empty where none of the labels has one. */
  labelNames(): string[] {
    const text = this.freeText(this.labels);
    return text === '' ? [] : text.slice(1).split(',');
  }

  /**
   * Which side is translated, as bits of {@link SNAT} and {@link DNAT}. conntrack does not say it: an untranslated flow's
   * reply tuple is its original one mirrored, so any difference is NAT. ICMP types and codes differ by nature; there only
   * addresses and the identifier tell (formats.md §3). 0 also where there is no reply, or only a part of it can be read.
   */
  nat(): number {
    const { original, reply } = this;
    if (this.mirrored) return 0;
    if (!reply.src.given || original.sport.given !== reply.sport.given || original.id.given !== reply.id.given)
      return 0;
    const mirrored = this.same(reply.dst, original.src) && this.same(reply.dport, original.sport);
    const snat = mirrored && this.same(reply.id, original.id) ? 0 : SNAT;
    const dnat = this.same(reply.src, original.dst) && this.same(reply.sport, original.dport) ? 0 : DNAT;
    return snat | dnat;
  }

  /** The name of an address, where names are to be shown and it has one. */
  hostName(address: Span): string | undefined {
    return address.given ? this.names?.host(this.text(address)) : undefined;
  }

  /** The name of a port, as {@link hostName}. */
  serviceName(port: Span): string | undefined {
    return port.given ? this.names?.service(this.text(this.protocol), this.text(port)) : undefined;
  }

  private same(a: Span, b: Span): boolean {
    if (!a.given || !b.given) return a.given === b.given;
    const { bytes, view } = this;
    const length = a.end - a.start;
    if (length !== b.end - b.start) return false;
    let i = 0;
    for (; i + WORD <= length; i += WORD) if (view.getInt32(a.start + i) !== view.getInt32(b.start + i)) return false;
    for (; i < length; i++) if (bytes[a.start + i] !== bytes[b.start + i]) return false;
    return true;
  }
}

/** The flow of a row as an object of its own, which stays when the row is used again. */
export function flowOf(row: FlowRow): Flow {
  const flow: Flow = {
    family: row.family,
    protocol: { ...row.knownProtocol() },
    original: tupleOf(row, row.original),
    status: flagNames(row.status),
  };
  if (row.reply.src.given) flow.reply = tupleOf(row, row.reply);
  const nat = natNames(row.nat());
  if (nat.length > 0) flow.nat = nat;
  for (const field of ['state', 'start', 'stop'] as const) if (row[field].given) flow[field] = row.text(row[field]);
  for (const field of ['timeout', 'mark', 'secmark', 'zone', 'use', 'id'] as const)
    if (row[field].given) flow[field] = row.number(row[field]);
  for (const field of ['secctx', 'helper'] as const) if (row[field].given) flow[field] = row.freeText(row[field]);
  if (row.deltaTime.given) flow.delta_time = row.counter(row.deltaTime);
  if (row.labels.given) flow.labels = row.labelNames();
  if (row.expiresIn.given) flow.expires_in = row.number(row.expiresIn);
  if (row.activeSince.given) flow.active_since = row.number(row.activeSince);
  if (row.extra.length > 0) flow.extra = row.extra.map((word) => row.freeText(word));
  return flow;
}

/** The bits of {@link FlowRow.status} in words. */
export function flagNames(bits: number): FlowFlag[] {
  return FLAGS.filter((_, i) => bits & (1 << i));
}

/** The bits of {@link FlowRow.nat} in words. */
export function natNames(bits: number): Nat[] {
  return [...(bits & SNAT ? (['snat'] as const) : []), ...(bits & DNAT ? (['dnat'] as const) : [])];
}

/** A tuple of a row as an object of its own. */
export function tupleOf(row: Row, from: TupleRow): Tuple {
  const tuple: Tuple = { src: row.text(from.src), dst: row.text(from.dst) };
  for (const field of ['sport', 'dport', 'type', 'code', 'id', 'zone'] as const)
    if (from[field].given) tuple[field] = row.number(from[field]);
  for (const field of ['srckey', 'dstkey'] as const) if (from[field].given) tuple[field] = row.text(from[field]);
  for (const field of ['packets', 'bytes'] as const) if (from[field].given) tuple[field] = row.counter(from[field]);
  return tuple;
}
