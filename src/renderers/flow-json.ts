import type { Family, Protocol } from '../model/flow.js';
import { flagNames, FLAGS, type FlowRow, natNames, type Span, type TupleRow } from '../model/flow-row.js';
import { jsonText } from './json.js';
import { type Literal, literal, literals, type TextBuffer } from './text-buffer.js';

const STATE = literal(',"state":"');
const QUOTE = literal('"');
const TIMEOUT = literal(',"timeout":');
const ORIGINAL_SRC = literal(',"original":{"src":"');
const REPLY_SRC = literal('},"reply":{"src":"');
const DST = literal('","dst":"');
const SPORT = literal('","sport":');
const DPORT = literal(',"dport":');
const TYPE = literal('","type":');
const CODE = literal(',"code":');
const ID = literal(',"id":');
const SRCKEY = literal('","srckey":"');
const DSTKEY = literal('","dstkey":"');
const ZONE = literal(',"zone":');
const PACKETS = literal(',"packets":');
const BYTES = literal(',"bytes":');
const MARK = literal(',"mark":');
const USE = literal(',"use":');
const DELTA_TIME = literal(',"delta_time":');
const END = literal('}');
/** Every set of flags that a row can have, and every NAT, ready to be written. */
const STATUS = Array.from({ length: 1 << FLAGS.length }, (_, bits) =>
  literal(`},"status":${JSON.stringify(flagNames(bits))}`),
);
const NAT = Array.from({ length: 4 }, (_, bits) => literal(`,"nat":${JSON.stringify(natNames(bits))}`));

/**
 * One flow as a line of JSON, with the keys of the published schema in a fixed order. A million flows pass here: what is
 * copied from the line needs no escapes, because the parser lets only digits, letters, dots and colons into it. Literals
 * are long rather than many.
 */
export function writeFlowJson(out: TextBuffer, row: FlowRow): void {
  out.literal(HEADS[row.family](row.knownProtocol()));
  if (row.state.given) out.literal(STATE).copy(row, row.state).literal(QUOTE);
  copied(out, row, TIMEOUT, row.timeout);
  writeTuple(out.literal(ORIGINAL_SRC), row, row.original);
  if (row.reply.src.given) writeTuple(out.literal(REPLY_SRC), row, row.reply);
  out.literal(STATUS[row.status]!);
  const nat = row.nat();
  if (nat !== 0) out.literal(NAT[nat]!);
  copied(out, row, MARK, row.mark);
  copied(out, row, ZONE, row.zone);
  copied(out, row, USE, row.use);
  copied(out, row, ID, row.id);
  copied(out, row, DELTA_TIME, row.deltaTime);
  writeRareFields(out, row);
  out.literal(END);
}

/** Family and protocol, by the protocol. */
const HEADS = { ipv4: headsOf('ipv4'), ipv6: headsOf('ipv6') };

function headsOf(family: Family): (protocol: Protocol) => Literal {
  return literals((protocol) => `{"family":"${family}","protocol":${JSON.stringify(protocol)}`);
}

/** Without its closing brace: the next literal has it. */
function writeTuple(out: TextBuffer, row: FlowRow, tuple: TupleRow): void {
  out.copy(row, tuple.src).literal(DST).copy(row, tuple.dst);
  if (tuple.sport.given) {
    out.literal(SPORT).copy(row, tuple.sport).literal(DPORT).copy(row, tuple.dport);
  } else if (tuple.type.given) {
    out.literal(TYPE).copy(row, tuple.type).literal(CODE).copy(row, tuple.code).literal(ID).copy(row, tuple.id);
  } else if (tuple.srckey.given) {
    out.literal(SRCKEY).copy(row, tuple.srckey).literal(DSTKEY).copy(row, tuple.dstkey).literal(QUOTE);
  } else {
    out.literal(QUOTE);
  }
  copied(out, row, ZONE, tuple.zone);
  copied(out, row, PACKETS, tuple.packets);
  copied(out, row, BYTES, tuple.bytes);
}

/** Most flows of the kernel have none of these. */
function writeRareFields(out: TextBuffer, row: FlowRow): void {
  if (row.expiresIn.given) out.text(',"expires_in":').copy(row, row.expiresIn);
  if (row.activeSince.given) out.text(',"active_since":').copy(row, row.activeSince);
  if (row.helper.given) out.text(`,"helper":${jsonText(row.freeText(row.helper))}`);
  if (row.labels.given) out.text(`,"labels":${jsonText(row.labelNames())}`);
  if (row.secmark.given) out.text(',"secmark":').copy(row, row.secmark);
  if (row.secctx.given) out.text(`,"secctx":${jsonText(row.freeText(row.secctx))}`);
  if (row.start.given) out.text(`,"start":${jsonText(row.text(row.start))}`);
  if (row.stop.given) out.text(`,"stop":${jsonText(row.text(row.stop))}`);
  if (row.names) writeNames(out, row);
  if (row.extra.length > 0) out.text(`,"extra":${jsonText(row.extra.map((word) => row.freeText(word)))}`);
}

/** Those that are known; JSON leaves out what is undefined. */
function writeNames(out: TextBuffer, row: FlowRow): void {
  const { src, dst, sport, dport } = row.original;
  const text = jsonText({
    src: row.hostName(src),
    dst: row.hostName(dst),
    sport: row.serviceName(sport),
    dport: row.serviceName(dport),
  });
  if (text !== '{}') out.text(`,"names":${text}`);
}

function copied(out: TextBuffer, row: FlowRow, key: Literal, value: Span): void {
  if (value.given) out.literal(key).copy(row, value);
}
