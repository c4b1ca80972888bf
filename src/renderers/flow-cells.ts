import type { Protocol } from '../model/flow.js';
import { flagNames, type FlowRow, HW_OFFLOAD, natNames, OFFLOAD, type Span, type TupleRow } from '../model/flow-row.js';
import { escapeToAscii } from './escape.js';
import { literals, type TextBuffer } from './text-buffer.js';

/** What a cell shows where the tool gives nothing. */
export const NOTHING = '-';

/** Where the tuple's packets come from: `address:port`, `[address]:port` for IPv6, or the address alone. */
export function writeSource(out: TextBuffer, row: FlowRow, tuple: TupleRow): void {
  writeEndpoint(out, row, tuple.src, tuple.sport);
}

/** Where the tuple's packets go to, as {@link writeSource}. */
export function writeDestination(out: TextBuffer, row: FlowRow, tuple: TupleRow): void {
  writeEndpoint(out, row, tuple.dst, tuple.dport);
}

function writeEndpoint(out: TextBuffer, row: FlowRow, address: Span, port: Span): void {
  if (row.names) return writeNamed(out, row, address, port);
  const { family } = row;
  if (!port.given) out.copy(row, address);
  else if (family === 'ipv6') out.text('[').copy(row, address).text(']:').copy(row, port);
  else out.copy(row, address).text(':').copy(row, port);
}

/** `host.example:https`; what has no name stands as it is. */
function writeNamed(out: TextBuffer, row: FlowRow, address: Span, port: Span): void {
  const host = row.hostName(address);
  const bracketed = host === undefined && port.given && row.family === 'ipv6';
  out.text(bracketed ? '[' : '').text(host === undefined ? row.text(address) : escapeToAscii(host));
  if (port.given) out.text(bracketed ? ']:' : ':').text(escapeToAscii(row.serviceName(port) ?? row.text(port)));
}

const PROTOCOL = literals(({ name, number }: Protocol) => `${name} [${number}]`);

/** `tcp [6]`. */
export function writeProtocol(out: TextBuffer, row: FlowRow): void {
  out.literal(PROTOCOL(row.knownProtocol()));
}

/** Seconds left; an offloaded flow has no timeout, it lives in the flow table of the hardware or the fast path. */
export function writeTimeout(out: TextBuffer, row: FlowRow): void {
  if (row.timeout.given) out.copy(row, row.timeout);
  else out.text(row.status & (OFFLOAD | HW_OFFLOAD) ? 'offload' : NOTHING);
}

/** A field as it stands in the line, or that there is none. */
export function writeField(out: TextBuffer, row: FlowRow, field: Span): void {
  if (field.given) out.copy(row, field);
  else out.text(NOTHING);
}

/** Words with commas between them, or that there are none. */
function writeWords(out: TextBuffer, words: readonly string[]): void {
  out.text(words.length === 0 ? NOTHING : words.join(','));
}

/** What conntrack says in brackets. */
export function writeFlags(out: TextBuffer, { status }: FlowRow): void {
  writeWords(out, flagNames(status));
}

/** Which sides are translated. */
export function writeNat(out: TextBuffer, row: FlowRow): void {
  writeWords(out, natNames(row.nat()));
}

/** The zones of a flow: of both directions, or of the one that has it. */
export function writeZone(out: TextBuffer, row: FlowRow): void {
  const { zone, original, reply } = row;
  const zones = [
    ...(zone.given ? [row.text(zone)] : []),
    ...(original.zone.given ? [`orig:${row.text(original.zone)}`] : []),
    ...(reply.zone.given ? [`reply:${row.text(reply.zone)}`] : []),
  ];
  writeWords(out, zones);
}
