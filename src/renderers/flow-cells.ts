import type { Flow, Tuple } from '../model/flow.js';
import type { TextBuffer } from './text-buffer.js';

/** What a cell shows where the tool gives nothing. */
export const NOTHING = '-';

/** Where the tuple's packets come from: `address:port`, `[address]:port` for IPv6, or the address alone. */
export function writeSource(out: TextBuffer, flow: Flow, tuple: Tuple): void {
  writeEndpoint(out, flow, tuple.src, tuple.sport);
}

/** Where the tuple's packets go to, as {@link writeSource}. */
export function writeDestination(out: TextBuffer, flow: Flow, tuple: Tuple): void {
  writeEndpoint(out, flow, tuple.dst, tuple.dport);
}

function writeEndpoint(out: TextBuffer, { family }: Flow, address: string, port: number | undefined): void {
  if (port === undefined) out.text(address);
  else if (family === 'ipv6') out.text('[').text(address).text(']:').number(port);
  else out.text(address).text(':').number(port);
}

/** `tcp [6]`. */
export function writeProtocol(out: TextBuffer, { protocol }: Flow): void {
  out.text(protocol.name).text(' [').number(protocol.number).text(']');
}

/** Seconds left; an offloaded flow has no timeout, it lives in the flow table of the hardware or the fast path. */
export function writeTimeout(out: TextBuffer, { timeout, status }: Flow): void {
  if (timeout !== undefined) out.number(timeout);
  else out.text(status.some((flag) => flag === 'offload' || flag === 'hw_offload') ? 'offload' : NOTHING);
}

/** A number, or that there is none. */
export function writeNumber(out: TextBuffer, value: number | bigint | undefined): void {
  if (value === undefined) out.text(NOTHING);
  else out.number(value);
}

/** Words with commas between them, or that there are none. */
export function writeWords(out: TextBuffer, words: readonly string[] | undefined): void {
  out.text(words === undefined || words.length === 0 ? NOTHING : words.join(','));
}

/** The zones of a flow: of both directions, or of the one that has it. */
export function writeZone(out: TextBuffer, { zone, original, reply }: Flow): void {
  const zones = [
    ...(zone === undefined ? [] : [String(zone)]),
    ...(original.zone === undefined ? [] : [`orig:${original.zone}`]),
    ...(reply?.zone === undefined ? [] : [`reply:${reply.zone}`]),
  ];
  writeWords(out, zones);
}
