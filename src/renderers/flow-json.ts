import type { Flow, Tuple } from '../model/flow.js';
import { jsonText } from './json.js';
import type { TextBuffer } from './text-buffer.js';

/**
 * One flow as a line of JSON, with the keys of the published schema in a fixed order. Written out by hand: a million
 * flows pass here, and JSON.stringify knows no 64-bit counter.
 */
export function writeFlowJson(out: TextBuffer, flow: Flow): void {
  out.text('{"family":"').text(flow.family).text('","protocol":{"name":"').text(flow.protocol.name);
  out.text('","number":').number(flow.protocol.number).text('}');
  if (flow.state !== undefined) out.text(',"state":"').text(flow.state).text('"');
  if (flow.timeout !== undefined) out.text(',"timeout":').number(flow.timeout);
  writeTuple(out.text(',"original":'), flow.original);
  if (flow.reply !== undefined) writeTuple(out.text(',"reply":'), flow.reply);
  writeWords(out.text(',"status":'), flow.status);
  if (flow.nat !== undefined) writeWords(out.text(',"nat":'), flow.nat);
  if (flow.mark !== undefined) out.text(',"mark":').number(flow.mark);
  if (flow.zone !== undefined) out.text(',"zone":').number(flow.zone);
  if (flow.use !== undefined) out.text(',"use":').number(flow.use);
  if (flow.id !== undefined) out.text(',"id":').number(flow.id);
  if (flow.delta_time !== undefined) out.text(',"delta_time":').number(flow.delta_time);
  if (flow.expires_in !== undefined) out.text(',"expires_in":').number(flow.expires_in);
  if (flow.active_since !== undefined) out.text(',"active_since":').number(flow.active_since);
  if (flow.helper !== undefined) writeFreeText(out.text(',"helper":'), flow.helper);
  if (flow.labels !== undefined) writeFreeText(out.text(',"labels":'), flow.labels);
  if (flow.secmark !== undefined) out.text(',"secmark":').number(flow.secmark);
  if (flow.secctx !== undefined) writeFreeText(out.text(',"secctx":'), flow.secctx);
  if (flow.start !== undefined) writeFreeText(out.text(',"start":'), flow.start);
  if (flow.stop !== undefined) writeFreeText(out.text(',"stop":'), flow.stop);
  if (flow.extra !== undefined) writeFreeText(out.text(',"extra":'), flow.extra);
  out.text('}');
}

/** The parser lets only digits, dots, colons and letters into addresses and keys: they need no escapes. */
function writeTuple(out: TextBuffer, tuple: Tuple): void {
  out.text('{"src":"').text(tuple.src).text('","dst":"').text(tuple.dst).text('"');
  if (tuple.sport !== undefined) out.text(',"sport":').number(tuple.sport);
  if (tuple.dport !== undefined) out.text(',"dport":').number(tuple.dport);
  if (tuple.type !== undefined) out.text(',"type":').number(tuple.type);
  if (tuple.code !== undefined) out.text(',"code":').number(tuple.code);
  if (tuple.id !== undefined) out.text(',"id":').number(tuple.id);
  if (tuple.srckey !== undefined) out.text(',"srckey":"').text(tuple.srckey).text('"');
  if (tuple.dstkey !== undefined) out.text(',"dstkey":"').text(tuple.dstkey).text('"');
  if (tuple.zone !== undefined) out.text(',"zone":').number(tuple.zone);
  if (tuple.packets !== undefined) out.text(',"packets":').number(tuple.packets);
  if (tuple.bytes !== undefined) out.text(',"bytes":').number(tuple.bytes);
  out.text('}');
}

function writeWords(out: TextBuffer, words: readonly string[]): void {
  out.text('[');
  words.forEach((word, i) =>
    out
      .text(i === 0 ? '"' : ',"')
      .text(word)
      .text('"'),
  );
  out.text(']');
}

function writeFreeText(out: TextBuffer, text: string | readonly string[]): void {
  out.text(jsonText(text));
}
