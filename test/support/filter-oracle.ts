import { BlockList } from 'node:net';
import type { Counter } from '../../src/model/number.js';
import type { Flow, Tuple } from '../../src/model/flow.js';
import type { Condition, Filter, Network } from '../../src/query/filter/ast.js';

/** Whether a flow matches a filter, written for reading and for nothing else: the other way round of `compile`. */
export function matches(filter: Filter, flow: Flow): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((part) => matches(part, flow));
    case 'or':
      return filter.filters.some((part) => matches(part, flow));
    case 'not':
      return !matches(filter.filter, flow);
    default:
      return holds(filter, flow);
  }
}

function holds(condition: Condition, flow: Flow): boolean {
  const { original, reply } = flow;
  switch (condition.kind) {
    case 'family':
      return flow.family === condition.family;
    case 'protocol':
      return condition.numbers.includes(flow.protocol.number);
    case 'address':
      return ends(condition.side, flow, 'src', 'dst').some((address) =>
        within(String(address), flow, condition.networks),
      );
    case 'port':
      return ends(condition.side, flow, 'sport', 'dport').some((port) =>
        condition.ranges.some(({ first, last }) => first <= Number(port) && Number(port) <= last),
      );
    case 'state':
      return condition.states.some((state) => flow.state?.replaceAll('_', '') === state.replaceAll('_', ''));
    case 'mark':
      return condition.marks.some(({ value, mask }) => (BigInt(flow.mark ?? 0) & BigInt(mask)) === BigInt(value));
    case 'zone':
      return tuples(condition.direction, flow).some((tuple) =>
        condition.zones.includes(flow.zone ?? tuple?.zone ?? -1),
      );
    case 'label':
      return condition.labels.some((label) => flow.labels?.includes(label));
    case 'helper':
      return condition.helpers.includes(flow.helper ?? '');
    case 'nat':
      return condition.nat === 'any' ? flow.nat !== undefined : (flow.nat?.includes(condition.nat) ?? false);
    case 'natted-to':
      return condition.to.some(({ network, port }) => {
        const is = (address?: string, at?: number): boolean =>
          address !== undefined && within(address, flow, [network]) && (port === undefined || port === at);
        const snat = flow.nat?.includes('snat') && is(reply?.dst, reply?.dport);
        const dnat = flow.nat?.includes('dnat') && is(reply?.src, reply?.sport);
        return Boolean(snat) || Boolean(dnat);
      });
    case 'status':
      if (condition.status !== 'offload') return flow.status.includes(condition.status);
      return flow.status.includes('offload') || flow.status.includes('hw_offload');
    case 'compare': {
      const { quantity, direction, operator, value } = condition;
      const numbers: (Counter | undefined)[] =
        quantity === 'timeout'
          ? [flow.timeout]
          : quantity === 'age'
            ? [flow.delta_time]
            : (direction === 'any' ? [original, reply] : [direction === 'orig' ? original : reply]).map(
                (tuple) => tuple?.[quantity],
              );
      const given = numbers.filter((number) => number !== undefined);
      if (given.length === 0) return false;
      const sum = given.reduce<bigint>((sum, number) => sum + BigInt(number), 0n);
      const answers = {
        gt: sum > value,
        ge: sum >= value,
        lt: sum < value,
        le: sum <= value,
        eq: sum === value,
        ne: sum !== value,
      };
      return answers[operator];
    }
    case 'id':
      return flow.id !== undefined && condition.ids.includes(flow.id);
  }
}

/** The tuples of a direction, each with the zone that it is in; a flow's own zone is there without a reply, too. */
function tuples(direction: string, flow: Flow): (Tuple | undefined)[] {
  const inZone = (tuple: Tuple | undefined): Tuple | undefined => tuple && { ...tuple, zone: tuple.zone ?? 0 };
  const all = { orig: inZone(flow.original), reply: inZone(flow.reply) };
  return direction === 'any' ? [all.orig, all.reply] : [direction === 'orig' ? all.orig : all.reply];
}

function ends(side: string, { original, reply }: Flow, source: 'src' | 'sport', destination: 'dst' | 'dport') {
  const named: Record<string, (string | number | undefined)[]> = {
    src: [original[source]],
    dst: [original[destination]],
    'reply src': [reply?.[source]],
    'reply dst': [reply?.[destination]],
  };
  const orig = [...named['src']!, ...named['dst']!];
  const replied = [...named['reply src']!, ...named['reply dst']!];
  const all = named[side] ?? (side === 'orig' ? orig : side === 'reply' ? replied : [...orig, ...replied]);
  return all.filter((end) => end !== undefined);
}

function within(address: string, { family }: Flow, networks: readonly Network[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    if (network.family !== family) continue;
    // It has no networks of all addresses.
    if (network.prefix === 0) return true;
    list.addSubnet(network.address, network.prefix, family);
  }
  return list.check(address, family);
}
