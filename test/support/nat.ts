import type { Nat, Tuple } from '../../src/model/flow.js';

/**
 * Which side of a flow is translated, written on its own beside FlowRow.nat. conntrack does not say it: an untranslated flow's reply tuple is its original one
 * mirrored, so any difference is NAT. ICMP types and codes differ by nature; there only addresses and the identifier tell
 * (formats.md §3).
 */
export function natOf(original: Tuple, reply: Tuple): Nat[] | undefined {
  // Of a part that could be read in one direction only, nothing can be said.
  if ((original.sport === undefined) !== (reply.sport === undefined)) return undefined;
  if ((original.id === undefined) !== (reply.id === undefined)) return undefined;
  const snat = reply.dst !== original.src || reply.dport !== original.sport || reply.id !== original.id;
  const dnat = reply.src !== original.dst || reply.sport !== original.dport;
  if (!snat && !dnat) return undefined;
  if (snat && dnat) return ['snat', 'dnat'];
  return snat ? ['snat'] : ['dnat'];
}
