import type { Family, Nat } from '../../model/flow.js';

/**
 * Which of a flow's four addresses, or ports, are looked at; one of them has to match. `src` and `dst` are those of the
 * original direction, `orig` and `reply` both ends of one direction, `any` all four.
 */
export type Side = 'any' | 'orig' | 'reply' | 'src' | 'dst' | 'reply src' | 'reply dst';

/** One direction of a flow, or both. */
export type Direction = 'any' | 'orig' | 'reply';

/** Addresses that share their first bits; a single one where `prefix` is the whole length. */
export interface Network {
  family: Family;
  /** In conntrack's spelling, with nothing set behind the prefix. */
  address: string;
  prefix: number;
}

/** From `first` to `last`, both included. */
export interface PortRange {
  first: number;
  last: number;
}

/** Matches where `mark & mask` is `value`. */
export interface Mark {
  value: number;
  mask: number;
}

/** A network with one of its ports, or with any. */
export interface Endpoint {
  network: Network;
  port?: number;
}

/** Which marker of conntrack's a flow has; `offload` is one of `[OFFLOAD]` and `[HW_OFFLOAD]`. */
export type Status = 'assured' | 'unreplied' | 'offload';

/** What can be compared: counters of both directions added up or of one, seconds to live, seconds since creation. */
export type Quantity = 'bytes' | 'packets' | 'timeout' | 'age';

export type Operator = 'gt' | 'ge' | 'lt' | 'le' | 'eq' | 'ne';

/** A condition that is not made of other ones. One that has a list matches where any member does. */
export type Condition =
  | { kind: 'family'; family: Family }
  | { kind: 'protocol'; numbers: number[] }
  | { kind: 'address'; side: Side; networks: Network[] }
  | { kind: 'port'; side: Side; ranges: PortRange[] }
  | { kind: 'state'; states: string[] }
  | { kind: 'mark'; marks: Mark[] }
  /** The zone that one of the flow's directions is in, 0 where the line shows none for it. */
  | { kind: 'zone'; direction: Direction; zones: number[] }
  | { kind: 'label'; labels: string[] }
  | { kind: 'helper'; helpers: string[] }
  | { kind: 'nat'; nat: Nat | 'any' }
  | { kind: 'natted-to'; to: Endpoint[] }
  | { kind: 'status'; status: Status }
  /** Never matches where the flow does not have the quantity. `timeout` and `age` have no direction: `any`. */
  | { kind: 'compare'; quantity: Quantity; direction: Direction; operator: Operator; value: bigint }
  | { kind: 'id'; ids: number[] };

/** A filter expression as it was understood. `and` and `or` hold two or more filters, none of their own kind. */
export type Filter =
  Condition | { kind: 'and'; filters: Filter[] } | { kind: 'or'; filters: Filter[] } | { kind: 'not'; filter: Filter };

/** The length of an address in bits. */
export const ADDRESS_BITS: Readonly<Record<Family, number>> = { ipv4: 32, ipv6: 128 };

/** Matches where all of them do; there is at least one. */
export function allOf(filters: readonly Filter[]): Filter {
  const flat = filters.flatMap((filter) => (filter.kind === 'and' ? filter.filters : [filter]));
  return flat.length === 1 ? flat[0]! : { kind: 'and', filters: flat };
}

/** Matches where one of them does; there is at least one. */
export function anyOf(filters: readonly Filter[]): Filter {
  const flat = filters.flatMap((filter) => (filter.kind === 'or' ? filter.filters : [filter]));
  return flat.length === 1 ? flat[0]! : { kind: 'or', filters: flat };
}

/** The filters that all have to match: those of an `and`, else the filter alone. */
export function conjuncts(filter: Filter): readonly Filter[] {
  return filter.kind === 'and' ? filter.filters : [filter];
}

/** The conditions that a filter is made of, wherever they stand in it. */
export function conditionsOf(filter: Filter): readonly Condition[] {
  switch (filter.kind) {
    case 'not':
      return conditionsOf(filter.filter);
    case 'and':
    case 'or':
      return filter.filters.flatMap(conditionsOf);
    default:
      return [filter];
  }
}

/** True where the filter compares this quantity. */
export function asksFor(filter: Filter, quantity: Quantity): boolean {
  return holds(filter, (condition) => condition.kind === 'compare' && condition.quantity === quantity);
}

/** True where the filter asks for labels, which conntrack prints only with `-o labels`. */
export function asksForLabels(filter: Filter): boolean {
  return holds(filter, ({ kind }) => kind === 'label');
}

/** True where the filter asks for what a line has behind its counters: the mark and what follows (formats.md §2). */
export function asksBehindCounters(filter: Filter): boolean {
  return (
    asksFor(filter, 'age') ||
    holds(
      filter,
      ({ kind }) => kind === 'mark' || kind === 'zone' || kind === 'label' || kind === 'helper' || kind === 'id',
    )
  );
}

/** True where one of the conditions that a filter is made of is such a one. */
function holds(filter: Filter, isSuch: (condition: Condition) => boolean): boolean {
  return conditionsOf(filter).some(isSuch);
}
