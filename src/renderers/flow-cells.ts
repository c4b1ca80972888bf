import type { Family, Flow, Tuple } from '../model/flow.js';

/** What a cell shows where the tool gives nothing. */
export const NOTHING = '-';

/** `address:port`, `[address]:port` for IPv6, or the address alone where the protocol has no ports. */
export function endpoint(family: Family, address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return family === 'ipv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Where the tuple's packets come from. */
export function source(flow: Flow, tuple: Tuple = flow.original): string {
  return endpoint(flow.family, tuple.src, tuple.sport);
}

/** Where the tuple's packets go to. */
export function destination(flow: Flow, tuple: Tuple = flow.original): string {
  return endpoint(flow.family, tuple.dst, tuple.dport);
}

/** `tcp [6]`. */
export function protocol(flow: Flow): string {
  return `${flow.protocol.name} [${flow.protocol.number}]`;
}

/** Seconds left; an offloaded flow has no timeout, it lives in the flow table of the hardware or the fast path. */
export function timeout(flow: Flow): string {
  if (flow.timeout !== undefined) return String(flow.timeout);
  return flow.status.some((flag) => flag === 'offload' || flag === 'hw_offload') ? 'offload' : NOTHING;
}

/** The zones of a flow: of both directions, or of the one that has it. */
export function zone(flow: Flow): string {
  const zones = [
    flow.zone === undefined ? '' : String(flow.zone),
    flow.original.zone === undefined ? '' : `orig ${flow.original.zone}`,
    flow.reply?.zone === undefined ? '' : `reply ${flow.reply.zone}`,
  ].filter((text) => text !== '');
  return zones.join(' ') || NOTHING;
}
