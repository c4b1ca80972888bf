import { FLAGS, type FlowRow, natNames, type Span, type TupleRow } from '../model/flow-row.js';
import { jsonText } from './json.js';
import { literal, type TextBuffer } from './text-buffer.js';

const FAMILY = { ipv4: literal('{"family":"ipv4"'), ipv6: literal('{"family":"ipv6"') };
const PROTOCOL = literal(',"protocol":{"name":"');
const PROTOCOL_NUMBER = literal('","number":');
const END = literal('}');
const STATE = literal(',"state":"');
const QUOTE = literal('"');
const TIMEOUT = literal(',"timeout":');
const ORIGINAL = literal(',"original":');
const REPLY = literal(',"reply":');
const SRC = literal('{"src":"');
const DST = literal('","dst":"');
const SPORT = literal(',"sport":');
const DPORT = literal(',"dport":');
const TYPE = literal(',"type":');
const CODE = literal(',"code":');
const ID = literal(',"id":');
const SRCKEY = literal(',"srckey":"');
const DSTKEY = literal(',"dstkey":"');
const ZONE = literal(',"zone":');
const PACKETS = literal(',"packets":');
const BYTES = literal(',"bytes":');
const MARK = literal(',"mark":');
const USE = literal(',"use":');
const DELTA_TIME = literal(',"delta_time":');
/** Every set of flags and of NAT that a row can have, ready to be written. */
const STATUS = Array.from({ length: 1 << FLAGS.length }, (_, bits) =>
  literal(`,"status":${JSON.stringify(FLAGS.filter((_flag, i) => bits & (1 << i)))}`),
);
const NAT = Array.from({ length: 4 }, (_, bits) =>
  literal(bits === 0 ? '' : `,"nat":${JSON.stringify(natNames(bits))}`),
);

/**
 * One flow as a line of JSON, with the keys of the published schema in a fixed order. A million flows pass here: what is
 * copied from the line needs no escapes, because the parser lets only digits, letters, dots and colons into it.
 */
export function writeFlowJson(out: TextBuffer, row: FlowRow): void {
  const { bytes } = row;
  out.literal(FAMILY[row.family]).literal(PROTOCOL);
  if (row.unnamed) out.text(row.protocolName());
  else out.copy(bytes, row.protocol);
  out.literal(PROTOCOL_NUMBER).number(row.protocolNumber).literal(END);
  quoted(out, row, STATE, row.state);
  copied(out, row, TIMEOUT, row.timeout);
  writeTuple(out.literal(ORIGINAL), row, row.original);
  if (row.reply.src.given) writeTuple(out.literal(REPLY), row, row.reply);
  out.literal(STATUS[row.status]!).literal(NAT[row.nat()]!);
  copied(out, row, MARK, row.mark);
  copied(out, row, ZONE, row.zone);
  copied(out, row, USE, row.use);
  copied(out, row, ID, row.id);
  copied(out, row, DELTA_TIME, row.deltaTime);
  writeRareFields(out, row);
  out.literal(END);
}

function writeTuple(out: TextBuffer, row: FlowRow, tuple: TupleRow): void {
  const { bytes } = row;
  out.literal(SRC).copy(bytes, tuple.src).literal(DST).copy(bytes, tuple.dst).literal(QUOTE);
  copied(out, row, SPORT, tuple.sport);
  copied(out, row, DPORT, tuple.dport);
  copied(out, row, TYPE, tuple.type);
  copied(out, row, CODE, tuple.code);
  copied(out, row, ID, tuple.id);
  quoted(out, row, SRCKEY, tuple.srckey);
  quoted(out, row, DSTKEY, tuple.dstkey);
  copied(out, row, ZONE, tuple.zone);
  copied(out, row, PACKETS, tuple.packets);
  copied(out, row, BYTES, tuple.bytes);
  out.literal(END);
}

/** Most flows of the kernel have none of these. */
function writeRareFields(out: TextBuffer, row: FlowRow): void {
  if (row.expiresIn.given) out.text(',"expires_in":').copy(row.bytes, row.expiresIn);
  if (row.activeSince.given) out.text(',"active_since":').copy(row.bytes, row.activeSince);
  if (row.helper.given) out.text(`,"helper":${jsonText(row.freeText(row.helper))}`);
  if (row.labels.given) out.text(`,"labels":${jsonText(row.labelNames())}`);
  if (row.secmark.given) out.text(',"secmark":').copy(row.bytes, row.secmark);
  if (row.secctx.given) out.text(`,"secctx":${jsonText(row.freeText(row.secctx))}`);
  if (row.start.given) out.text(`,"start":${jsonText(row.text(row.start))}`);
  if (row.stop.given) out.text(`,"stop":${jsonText(row.text(row.stop))}`);
  if (row.extra.length > 0) out.text(`,"extra":${jsonText(row.extra.map((word) => row.freeText(word)))}`);
}

function copied(out: TextBuffer, row: FlowRow, key: Uint8Array, value: Span): void {
  if (value.given) out.literal(key).copy(row.bytes, value);
}

function quoted(out: TextBuffer, row: FlowRow, key: Uint8Array, value: Span): void {
  if (value.given) out.literal(key).copy(row.bytes, value).literal(QUOTE);
}
