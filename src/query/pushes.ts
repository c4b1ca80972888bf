import { conntrackName } from '../model/protocol.js';
import { ADDRESS_BITS, allOf, type Condition, type Filter, type Network } from './filter/ast.js';
import { stateOfProtocol } from './filter/states.js';

/** A condition that conntrack is asked to filter by. */
export interface Pushed {
  filter: Filter;
  args: readonly string[];
  /** The kernel leaves flows out before they are copied to conntrack, conntrack before it prints them. */
  by: 'kernel' | 'conntrack';
}

/** Finds the conditions that one argument of conntrack can stand for; undefined where there is none. */
type Push = (conditions: readonly Filter[]) => Pushed | undefined;

/** tcp, udp, sctp, udplite. DCCP ports are not compared on kernels that do not track it (formats.md §2). */
const WITH_PORT_ARGUMENTS: ReadonlySet<number> = new Set([6, 17, 132, 136]);

/**
 * States that conntrack may be asked for: others end 1.4.7 by a segmentation fault (formats.md §1), are printed for what
 * the library has no name for (NONE), or have another name in old versions (SYN_SENT2).
 */
const ASKED_FOR: Readonly<Record<string, ReadonlySet<string>>> = {
  tcp: new Set('SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE'.split(' ')),
  sctp: new Set(
    'CLOSED COOKIE_WAIT COOKIE_ECHOED ESTABLISHED SHUTDOWN_SENT SHUTDOWN_RECD SHUTDOWN_ACK_SENT'.split(' '),
  ),
};

/**
 * Every argument that was seen to answer as the filter does (test/lab/push-down.test.ts), in their order: `-u` before `-m`,
 * and the protocol before what only it has (formats.md §16.17).
 */
export const PUSHES: readonly Push[] = [
  pushStatus,
  pushMark,
  pushNetwork('src', '-s'),
  pushNetwork('dst', '-d'),
  pushReplyAddress('reply src', '-r'),
  pushReplyAddress('reply dst', '-q'),
  pushProtocol,
  pushPort('src', '--sport'),
  pushPort('dst', '--dport'),
  pushPort('reply src', '--reply-port-src'),
  pushPort('reply dst', '--reply-port-dst'),
  pushState,
];

/** UNREPLIED can't be asked for together with another: the answer is empty. */
function pushStatus(conditions: readonly Filter[]): Pushed | undefined {
  const assured = conditions.find((filter) => isStatus(filter, 'assured'));
  const replied = conditions.find((filter) => filter.kind === 'not' && isStatus(filter.filter, 'unreplied'));
  const unreplied = conditions.find((filter) => isStatus(filter, 'unreplied'));
  const filters = [assured, replied].filter((filter) => filter !== undefined);
  if (filters.length > 0) {
    const words = [...(assured ? ['ASSURED'] : []), ...(replied ? ['SEEN_REPLY'] : [])];
    return { filter: allOf(filters), args: ['-u', words.join(',')], by: 'kernel' };
  }
  return unreplied && { filter: unreplied, args: ['-u', 'UNREPLIED'], by: 'kernel' };
}

function pushMark(conditions: readonly Filter[]): Pushed | undefined {
  const filter = conditions.find((filter) => filter.kind === 'mark' && filter.marks.length === 1);
  if (filter?.kind !== 'mark') return undefined;
  const { value, mask } = filter.marks[0]!;
  const all = mask === 0xffff_ffff;
  return { filter, args: ['-m', all ? String(value) : `${value}/${mask}`], by: 'kernel' };
}

/** Of several networks the smallest; the others are left to us. */
function pushNetwork(side: 'src' | 'dst', argument: string): Push {
  return (conditions) => {
    const found = conditions.filter((filter) => isOneNetwork(filter, side));
    const filter = found.toSorted((a, b) => b.networks[0]!.prefix - a.networks[0]!.prefix)[0];
    if (filter === undefined) return undefined;
    const { address, prefix } = filter.networks[0]!;
    // 0.0.0.0/0 leaves nothing out.
    if (prefix === 0) return undefined;
    const value = isWhole(filter.networks[0]!) ? address : `${address}/${prefix}`;
    return { filter, args: [argument, value], by: 'conntrack' };
  };
}

/** conntrack takes no network there. */
function pushReplyAddress(side: 'reply src' | 'reply dst', argument: string): Push {
  return (conditions) => {
    const found = conditions.filter((filter) => isOneNetwork(filter, side));
    const filter = found.find(({ networks: [network] }) => isWhole(network!));
    if (filter === undefined) return undefined;
    return { filter, args: [argument, filter.networks[0]!.address], by: 'conntrack' };
  };
}

function pushProtocol(conditions: readonly Filter[]): Pushed | undefined {
  const filter = conditions.find(isOneProtocol);
  if (filter === undefined) return undefined;
  const number = filter.numbers[0]!;
  return { filter, args: ['-p', conntrackName(number) ?? String(number)], by: 'conntrack' };
}

function pushPort(side: 'src' | 'dst' | 'reply src' | 'reply dst', argument: string): Push {
  return (conditions) => {
    const protocol = conditions.find(isOneProtocol);
    if (protocol === undefined || !WITH_PORT_ARGUMENTS.has(protocol.numbers[0]!)) return undefined;
    const filter = conditions.find((filter) => filter.kind === 'port' && filter.side === side && isOnePort(filter));
    if (filter?.kind !== 'port') return undefined;
    return { filter, args: [argument, String(filter.ranges[0]!.first)], by: 'conntrack' };
  };
}

function pushState(conditions: readonly Filter[]): Pushed | undefined {
  const protocol = conntrackName(conditions.find(isOneProtocol)?.numbers[0] ?? -1);
  for (const filter of conditions) {
    if (filter.kind !== 'state' || filter.states.length > 1) continue;
    const state = stateOfProtocol(filter.states[0]!, protocol);
    if (state === undefined || !ASKED_FOR[protocol ?? '']?.has(state)) continue;
    return { filter, args: ['--state', state], by: 'conntrack' };
  }
  return undefined;
}

function isStatus(filter: Filter, status: string): boolean {
  return filter.kind === 'status' && filter.status === status;
}

function isOneNetwork(filter: Filter, side: string): filter is Condition & { kind: 'address' } {
  return filter.kind === 'address' && filter.side === side && filter.networks.length === 1;
}

function isWhole({ family, prefix }: Network): boolean {
  return prefix === ADDRESS_BITS[family];
}

function isOneProtocol(filter: Filter): filter is Condition & { kind: 'protocol' } {
  return filter.kind === 'protocol' && filter.numbers.length === 1;
}

function isOnePort({ ranges }: Condition & { kind: 'port' }): boolean {
  return ranges.length === 1 && ranges[0]!.first === ranges[0]!.last;
}
