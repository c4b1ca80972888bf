import { ADDRESS_BYTES, addressBytes, writeAddress } from '../model/address-bytes.js';
import type { EventFilter, FilterAddress } from '../model/conntrackd-conf.js';
import type { FlowRow, Span } from '../model/flow-row.js';

/**
 * What conntrackd's filter does with a flow of the kernel's table. `maybe`: a TCP flow in a state that the filter does not let
 * in; it is in the cache all the same if it was let in before, because the filter keeps the change from the cache as well,
 * and even the end (formats.md §12).
 */
export type Admission = 'yes' | 'maybe' | 'no';

/** Tells what the filter does with a flow; the flow has to come with its state and both of its tuples. */
export type EventJudge = (row: FlowRow) => Admission;

const TCP = 6;

/**
 * The filter of `General { Filter From Userspace { … } }`: a flow has to pass its protocols, its addresses and its states, each
 * part that is written (formats.md §12).
 *
 * @param filter absent: all flows are let in
 * @param protocols numbers by the names of the host's /etc/protocols; a name that is not there is nothing to conntrackd
 */
export function eventJudge(filter: EventFilter | undefined, protocols: ReadonlyMap<string, number>): EventJudge {
  const protocol = protocolPart(filter?.protocols, protocols);
  const address = addressPart(filter?.addresses);
  const state = statePart(filter?.states);
  return (row) => (protocol(row) && address(row) ? (state(row) ? 'yes' : 'maybe') : 'no');
}

type Part = (row: FlowRow) => boolean;

const ALL: Part = () => true;

/** What the grammar knows by itself, whatever /etc/protocols says. */
const ALWAYS_KNOWN: Readonly<Record<string, number>> = { TCP, UDP: 17 };

function protocolPart(part: EventFilter['protocols'], known: ReadonlyMap<string, number>): Part {
  if (part === undefined) return ALL;
  const named = new Set(part.names.map((name) => ALWAYS_KNOWN[name] ?? known.get(name)));
  const wanted = part.policy === 'accept';
  return ({ protocolNumber }) => named.has(protocolNumber) === wanted;
}

/**
 * One match is enough: of the source of the original direction, or of that of the reply, which is who answers after any
 * translation. The destinations are not looked at. A flow of a family without addresses in the filter matches none.
 */
function addressPart(part: EventFilter['addresses']): Part {
  if (part === undefined) return ALL;
  const networks = part.addresses.map(networkOf);
  const wanted = part.policy === 'accept';
  return (row) => (isIn(networks, row, row.original.src) || isIn(networks, row, row.reply.src)) === wanted;
}

/** A network as bytes to compare, of which the first tells the family. */
interface Network {
  base: Buffer;
  mask: Buffer;
}

function networkOf({ family, address, prefix_length: prefix }: FilterAddress): Network {
  const base = addressBytes(family, address);
  const mask = base.map((_, i) => (i === 0 ? 0xff : maskByte((prefix ?? 8 * (base.length - 1)) - 8 * (i - 1))));
  return { base: Buffer.from(base.map((byte, i) => byte & mask[i]!)), mask: Buffer.from(mask) };
}

/** @param bits of the prefix that are left for this byte and those behind it */
function maskByte(bits: number): number {
  return (0xff00 >> Math.min(Math.max(bits, 0), 8)) & 0xff;
}

/** Holds the address that was read last. */
const read = Buffer.alloc(ADDRESS_BYTES);

function isIn(networks: readonly Network[], row: FlowRow, address: Span): boolean {
  if (!address.given) return false;
  writeAddress(row, address, read, 0);
  for (const { base, mask } of networks) {
    let i = 0;
    while (i < base.length && (read[i]! & mask[i]!) === base[i]) i++;
    if (i === base.length) return true;
  }
  return false;
}

/** States that conntrackd and conntrack call by different names. */
const PRINTED: Readonly<Record<string, readonly string[]>> = { CLOSED: ['CLOSE'], LISTEN: ['LISTEN', 'SYN_SENT2'] };

/** Only TCP flows have states here; all others pass. */
function statePart(part: EventFilter['states']): Part {
  if (part === undefined) return ALL;
  const named = new Set(part.names.flatMap((name) => PRINTED[name] ?? [name]));
  const wanted = part.policy === 'accept';
  return (row) => {
    if (row.protocolNumber !== TCP) return true;
    // An offloaded flow is printed without its state.
    return row.state.given && named.has(row.text(row.state)) === wanted;
  };
}
