import type { Family, FlowFlag } from '../model/flow.js';
import { type FlowRow, FLAGS } from '../model/flow-row.js';
import { FLOW_STATES } from '../model/flow-state.js';
import { protocolOf } from '../model/protocol.js';

/** How many flows are of one kind. */
export interface FlowKind {
  family: Family;
  /** The name of the protocol by its number, `unknown` where it has none: there are never more than 256. */
  protocol: string;
  /** One that the protocol is known to have, else `other`; absent where the flow has none. */
  state?: string;
  flows: number;
}

/**
 * Counts flows by their kind and by their flags, in constant memory: the kinds are those that the kernel can have, whatever
 * a dump says.
 */
export class FlowCensus {
  /** By family, protocol and state. */
  private readonly kinds = new Map<string, FlowKind>();
  /** Names that have been looked up, by number. */
  private readonly protocols: string[] = [];
  private readonly flagCounts = FLAGS.map(() => 0);

  add(row: FlowRow): void {
    const { family, protocolNumber, state, status } = row;
    const protocol = (this.protocols[protocolNumber] ??= protocolOf(protocolNumber).name);
    const printed = state.given ? row.text(state) : undefined;
    this.kindOf(family, protocol, printed).flows++;
    for (let i = 0; i < FLAGS.length; i++) if (status & (1 << i)) this.flagCounts[i]!++;
  }

  /** Every kind that has been seen. */
  get all(): FlowKind[] {
    return [...this.kinds.values()];
  }

  /** Every flag there is, with how many flows have it. */
  get flags(): [flag: FlowFlag, flows: number][] {
    return FLAGS.map((flag, i) => [flag, this.flagCounts[i]!]);
  }

  private kindOf(family: Family, protocol: string, printed: string | undefined): FlowKind {
    const state = printed === undefined ? undefined : knownState(protocol, printed);
    const key = `${family} ${protocol} ${state}`;
    const known = this.kinds.get(key);
    if (known) return known;
    const made = { family, protocol, ...(state === undefined ? {} : { state }), flows: 0 };
    this.kinds.set(key, made);
    return made;
  }
}

function knownState(protocol: string, printed: string): string {
  const states = Object.hasOwn(FLOW_STATES, protocol) ? FLOW_STATES[protocol]! : {};
  return Object.hasOwn(states, printed) ? printed : 'other';
}
