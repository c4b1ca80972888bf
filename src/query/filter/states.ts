import { FLOW_STATES } from '../../model/flow-state.js';
import { Mistake, nearest, quoted, type Word } from './mistake.js';

/** What conntrack prints, by what is left without case, hyphens and underscores: TCP's TIME_WAIT is DCCP's TIMEWAIT. */
const PRINTED = new Map<string, string[]>();
/** The first spelling for each two-letter code; TCP's comes first. */
const BY_CODE = new Map<string, string>();

for (const states of Object.values(FLOW_STATES)) {
  for (const [state, code] of Object.entries(states)) {
    const spellings = PRINTED.get(squeezed(state)) ?? [];
    if (!spellings.includes(state)) PRINTED.set(squeezed(state), [...spellings, state]);
    if (!BY_CODE.has(code)) BY_CODE.set(code, state);
  }
}

/** How other tools spell a state. */
const ALSO: Readonly<Record<string, string>> = { SYNRECEIVED: 'SYN_RECV', CLOSEREQUEST: 'CLOSEREQ' };

/**
 * A state in conntrack's spelling; case, hyphens and underscores do not matter, and the table's codes will do.
 *
 * @throws Mistake where no protocol has such a state
 */
export function stateOf({ text, at }: Word): string {
  const word = squeezed(text);
  const state = PRINTED.get(word)?.[0] ?? ALSO[word] ?? BY_CODE.get(text.toUpperCase());
  if (state !== undefined) return state;
  const near = nearest(text.replaceAll('-', '_'), stateNames());
  throw new Mistake(`${quoted(text)} is no state of TCP, SCTP or DCCP`, meant(near), at);
}

/** Every way in which conntrack prints the state. */
export function printedStates(state: string): readonly string[] {
  return PRINTED.get(squeezed(state)) ?? [state];
}

/** The state as the protocol spells it; undefined where it has no such state. */
export function stateOfProtocol(state: string, protocol: string | undefined): string | undefined {
  const states = statesOfProtocol(protocol);
  return printedStates(state).find((spelling) => states.includes(spelling));
}

/** Every state of the protocol as it is printed; empty where it has none. */
export function statesOfProtocol(protocol: string | undefined): string[] {
  return Object.keys(FLOW_STATES[protocol ?? ''] ?? {});
}

function stateNames(): string[] {
  return [...PRINTED.values()].map(([state]) => state!.toLowerCase());
}

function meant(near: string | undefined): string {
  return near === undefined ? `The states are ${stateNames().join(', ')}.` : `Did you mean ${quoted(near)}?`;
}

function squeezed(text: string): string {
  return text.replace(/[-_]/g, '').toUpperCase();
}
