import type { Family } from '../../model/flow.js';
import { conntrackName } from '../../model/protocol.js';
import { type Condition, conjuncts, type Filter } from './ast.js';
import { listed, Mistake, nearest, quoted } from './mistake.js';
import { print } from './print.js';
import { stateOfProtocol, statesOfProtocol } from './states.js';

/** tcp, udp, dccp, sctp, udplite: the protocols that conntrack prints ports of (formats.md §2). */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);

const FAMILY_NAMES: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

/**
 * Refuses what can never match because two conditions exclude each other: families, a state or a port that the protocol
 * does not have. An empty answer to such a filter would look like one about the flows. Within an `or` or a `not` the same
 * may leave flows that match, and is nobody's mistake but the writer's.
 *
 * @throws Mistake
 */
export function check(filter: Filter): void {
  const filters = conjuncts(filter);
  checkFamilies(filters);
  for (const protocol of filters) {
    if (protocol.kind === 'protocol') for (const other of filters) checkProtocol(protocol, other);
  }
}

function checkFamilies(filters: readonly Filter[]): void {
  const named = filters.flatMap((filter) => {
    const families = familiesOf(filter);
    return families.size === 1 ? [{ filter, family: [...families][0]! }] : [];
  });
  const [first] = named;
  const other = named.find(({ family }) => family !== first?.family);
  if (first === undefined || other === undefined) return;
  const parts = [first, other].map(({ filter, family }) => `${quoted(print(filter))} is ${FAMILY_NAMES[family]}`);
  throw new Mistake(`no flow can match: ${parts.join(', ')}`, 'Join them with "or", or leave one out.');
}

function familiesOf(filter: Filter): ReadonlySet<Family> {
  switch (filter.kind) {
    case 'family':
      return new Set([filter.family]);
    case 'address':
      return new Set(filter.networks.map(({ family }) => family));
    case 'natted-to':
      return new Set(filter.to.map(({ network }) => network.family));
    default:
      return new Set();
  }
}

function checkProtocol({ numbers }: Condition & { kind: 'protocol' }, other: Filter): void {
  const names = print({ kind: 'protocol', numbers });
  if (other.kind === 'protocol' && !numbers.some((number) => other.numbers.includes(number))) {
    throw new Mistake(`no flow can match: none is ${names} and ${print(other)} at once`, 'Join them with "or".');
  }
  if (other.kind === 'port' && !numbers.some((number) => WITH_PORTS.has(number))) {
    throw new Mistake(`no flow can match: ${names} has no ports`, `Leave ${quoted(print(other))} out.`);
  }
  if (other.kind !== 'state') return;
  const unknown = other.states.find((state) => !numbers.some((number) => has(state, number)));
  if (unknown === undefined) return;
  throw new Mistake(`no flow can match: ${names} has no state ${unknown.toLowerCase()}`, stateHint(unknown, numbers));
}

function stateHint(unknown: string, numbers: readonly number[]): string {
  const near = nearest(
    unknown,
    numbers.flatMap((number) => statesOfProtocol(conntrackName(number))),
  );
  if (near !== undefined) return `Did you mean ${quoted(near.toLowerCase())}?`;
  const home = ['tcp', 'sctp', 'dccp'].filter((protocol) => stateOfProtocol(unknown, protocol) !== undefined);
  return `That is a state of ${listed(home)}.`;
}

function has(state: string, protocolNumber: number): boolean {
  return stateOfProtocol(state, conntrackName(protocolNumber)) !== undefined;
}
