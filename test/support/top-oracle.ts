import ipaddr from 'ipaddr.js';
import type { GroupFields, TopMetric } from '../../src/model/flow-top.js';
import type { Flow } from '../../src/model/flow.js';

/** What is known of a group, in numbers of any size. */
export interface OracleGroup {
  fields: GroupFields;
  flows: number;
  unreplied: number;
  value: bigint;
}

/** Groups of flows, counted the plain way: one object a flow, one a group. */
export function groupsOf(flows: readonly Flow[], by: readonly string[], metric: TopMetric = 'flows'): OracleGroup[] {
  const groups = new Map<string, OracleGroup>();
  for (const flow of flows) {
    const fields = Object.assign({}, ...by.map((key) => fieldOf(flow, key))) as GroupFields;
    const name = JSON.stringify(fields);
    const group = groups.get(name) ?? { fields, flows: 0, unreplied: 0, value: 0n };
    groups.set(name, group);
    group.flows++;
    if (flow.status.includes('unreplied')) group.unreplied++;
    group.value += valueOf(flow, metric);
  }
  return [...groups.values()].sort((a, b) => (a.value < b.value ? 1 : a.value > b.value ? -1 : 0));
}

function valueOf({ original, reply, delta_time: age }: Flow, metric: TopMetric): bigint {
  if (metric === 'flows') return 1n;
  if (metric === 'new') return age !== undefined && age < 60 ? 1n : 0n;
  return BigInt(original[metric] ?? 0) + BigInt(reply?.[metric] ?? 0);
}

function fieldOf(flow: Flow, key: string): GroupFields {
  const { original, reply, nat = [] } = flow;
  const [name, prefix] = key.split('/');
  const address = (field: string, text: string | undefined): GroupFields => {
    if (text === undefined) return {};
    return { [field]: prefix === undefined ? text : network(text, Number(prefix)) };
  };
  const given = (field: keyof GroupFields, value: unknown): GroupFields =>
    value === undefined ? {} : { [field]: value };
  switch (name) {
    case 'src':
      return address('src', original.src);
    case 'dst':
      return address('dst', original.dst);
    case 'reply-src':
      return address('reply_src', reply?.src);
    case 'reply-dst':
      return address('reply_dst', reply?.dst);
    case 'nat-address':
      if (nat.includes('snat')) return address('nat_address', reply?.dst);
      return nat.includes('dnat') ? address('nat_address', reply?.src) : {};
    case 'sport':
      return given('sport', original.sport);
    case 'dport':
      return given('dport', original.dport);
    case 'zone':
      return { zone: flow.zone ?? original.zone ?? reply?.zone ?? 0 };
    case 'mark':
      return { mark: flow.mark ?? 0 };
    case 'state':
      return given('state', flow.state);
    case 'helper':
      return given('helper', flow.helper);
    case 'status':
      return { status: flow.status };
    case 'family':
      return { family: flow.family };
    case 'protocol':
      return { protocol: flow.protocol };
    default:
      throw new Error(`no key ${key}`);
  }
}

/** IPv4 by that prefix, IPv6 by 64 bits; or the other way round with 24 bits where it is too long for IPv4. */
function network(text: string, prefix: number): string {
  const address = ipaddr.parse(text);
  const ipv4 = address.kind() === 'ipv4';
  const bits = ipv4 ? (prefix > 32 ? 24 : prefix) : prefix > 32 ? prefix : 64;
  const cidr = `${text}/${bits}`;
  if (ipv4) return `${ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()}/${bits}`;
  const base = ipaddr.IPv6.networkAddressFromCIDR(cidr);
  const mapped = base.isIPv4MappedAddress();
  return `${mapped ? `::ffff:${base.toIPv4Address().toString()}` : base.toRFC5952String()}/${bits}`;
}
