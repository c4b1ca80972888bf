import fc from 'fast-check';
import type { Flow, Tuple } from '../../src/model/flow.js';
import { natOf } from './nat.js';
import {
  ADDRESS_BITS,
  allOf,
  anyOf,
  type Condition,
  type Endpoint,
  type Filter,
  type Network,
} from '../../src/query/filter/ast.js';
import { networkOf } from '../../src/query/filter/networks.js';

// Few values, so that filters and flows meet.
const IPV4 = ['10.0.0.1', '10.0.0.2', '10.1.0.1', '192.0.2.9', '0.0.0.0', '255.255.255.255', '128.0.0.1'];
const IPV6 = [
  'fd00::1',
  'fd00::2',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '2001:db8:1:2:3:4:5:6',
  'fd00:0:0:1::',
  '::10.0.0.1',
];
const PORTS = [0, 22, 53, 80, 443, 8000, 8050, 65535];
const MARKS = [0, 1, 7, 8, 0xff, 0x8000_0000, 0xffff_ffff];
const ZONES = [0, 1, 5, 65535];
const IDS = [1, 2, 3727425118, 0xffff_ffff];
const LABELS = ['web', 'web traffic', 'büro', 'a"b', 'x\\y'];
const HELPERS = ['ftp', 'q.931', 'netbios-ns', 'sip-5060'];
const AMOUNTS = [
  0n,
  1n,
  40n,
  1000n,
  10_000_000n,
  999_999_999_999_999n,
  9_007_199_254_740_992n,
  9_007_199_254_740_993n,
  9_007_199_254_740_994n,
  18_446_744_073_709_551_615n,
];
const SECONDS = [0n, 1n, 60n, 90n, 3600n, 432_000n, 18_446_744_073_709_551_516n];
const STATES = [
  'NONE',
  'SYN_SENT',
  'ESTABLISHED',
  'TIME_WAIT',
  'CLOSE',
  'CLOSED',
  'SYN_SENT2',
  'SHUTDOWN_SENT',
  'OPEN',
];
const NUMBERS = [0, 1, 4, 6, 17, 33, 41, 47, 50, 58, 89, 112, 132, 136, 254, 255];

const SIDES = ['any', 'orig', 'reply', 'src', 'dst', 'reply src', 'reply dst'] as const;
const DIRECTIONS = ['any', 'orig', 'reply'] as const;
const OPERATORS = ['gt', 'ge', 'lt', 'le', 'eq', 'ne'] as const;

function some<T>(values: readonly T[]): fc.Arbitrary<T[]> {
  return fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
}

const network: fc.Arbitrary<Network> = fc
  .constantFrom(...IPV4, ...IPV6)
  .chain((address) => {
    const bits = ADDRESS_BITS[address.includes(':') ? 'ipv6' : 'ipv4'];
    const prefix = fc.oneof(fc.constant(bits), fc.constantFrom(0, 1, 8, 15, 16, 17, 31, 32, bits - 1), fc.nat(bits));
    return fc.tuple(
      fc.constant(address),
      prefix.map((length) => Math.min(length, bits)),
    );
  })
  .map(([address, prefix]) => networkOf({ text: `${address}/${prefix}`, at: 0 }));

const endpoint: fc.Arbitrary<Endpoint> = fc
  .tuple(network, fc.option(fc.constantFrom(...PORTS), { nil: undefined }))
  .map(([of, port]) => (port === undefined ? { network: of } : { network: of, port }));

const portRange = fc
  .tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
  .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));

const mark = fc
  .tuple(fc.constantFrom(...MARKS), fc.constantFrom(0xffff_ffff, ...MARKS))
  .map(([value, mask]) => ({ value: (value & mask) >>> 0, mask }));

function list<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(one, { minLength: 1, maxLength: 3 });
}

/** Conditions of every kind. */
export const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('family' as const), family: fc.constantFrom('ipv4' as const, 'ipv6' as const) }),
  fc.record({ kind: fc.constant('protocol' as const), numbers: some(NUMBERS) }),
  fc.record({ kind: fc.constant('address' as const), side: fc.constantFrom(...SIDES), networks: list(network) }),
  fc.record({ kind: fc.constant('port' as const), side: fc.constantFrom(...SIDES), ranges: list(portRange) }),
  fc.record({ kind: fc.constant('state' as const), states: some(STATES) }),
  fc.record({ kind: fc.constant('mark' as const), marks: list(mark) }),
  fc.record({ kind: fc.constant('zone' as const), direction: fc.constantFrom(...DIRECTIONS), zones: some(ZONES) }),
  fc.record({ kind: fc.constant('label' as const), labels: some(LABELS) }),
  fc.record({ kind: fc.constant('helper' as const), helpers: some(HELPERS) }),
  fc.record({
    kind: fc.constant('nat' as const),
    nat: fc.constantFrom('any' as const, 'snat' as const, 'dnat' as const),
  }),
  fc.record({ kind: fc.constant('natted-to' as const), to: list(endpoint) }),
  fc.record({
    kind: fc.constant('status' as const),
    status: fc.constantFrom('assured' as const, 'unreplied' as const, 'offload' as const),
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    quantity: fc.constantFrom('bytes' as const, 'packets' as const),
    direction: fc.constantFrom(...DIRECTIONS),
    operator: fc.constantFrom(...OPERATORS),
    value: fc.constantFrom(...AMOUNTS),
  }),
  fc.record({
    kind: fc.constant('compare' as const),
    quantity: fc.constantFrom('timeout' as const, 'age' as const),
    direction: fc.constant('any' as const),
    operator: fc.constantFrom(...OPERATORS),
    value: fc.constantFrom(...SECONDS),
  }),
  fc.record({ kind: fc.constant('id' as const), ids: some(IDS) }),
);

/** Filters of conditions, as the parser makes them: no `and` within an `and`, no `or` within an `or`. */
export function filterOver(condition: fc.Arbitrary<Filter>, depth = 3): fc.Arbitrary<Filter> {
  if (depth === 0) return condition;
  const inner = filterOver(condition, depth - 1);
  const several = fc.array(inner, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { arbitrary: condition, weight: 2 },
    { arbitrary: inner.map((filter): Filter => ({ kind: 'not', filter })), weight: 1 },
    { arbitrary: several.map(allOf), weight: 2 },
    { arbitrary: several.map(anyOf), weight: 1 },
  );
}

const counter = fc.constantFrom(...AMOUNTS).map((n) => (n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n));
const port = fc.constantFrom(...PORTS);
const ports = fc.record({ sport: port, dport: port });
const counters = fc.oneof(fc.constant({}), fc.record({ packets: counter, bytes: counter }));

const KINDS = [
  {
    protocol: { name: 'tcp', number: 6 },
    part: ports,
    states: ['ESTABLISHED', 'TIME_WAIT', 'SYN_SENT2', 'NONE', 'CLOSE'],
  },
  { protocol: { name: 'udp', number: 17 }, part: ports, states: [] },
  { protocol: { name: 'sctp', number: 132 }, part: ports, states: ['ESTABLISHED', 'CLOSED'] },
  { protocol: { name: 'dccp', number: 33 }, part: ports, states: ['TIMEWAIT', 'OPEN'] },
  {
    protocol: { name: 'icmp', number: 1 },
    part: fc.record({ type: fc.nat(255), code: fc.nat(255), id: port }),
    states: [],
  },
  { protocol: { name: 'gre', number: 47 }, part: fc.constant({ srckey: '0x0', dstkey: '0x0' }), states: [] },
  { protocol: { name: 'esp', number: 50 }, part: fc.constant({}), states: [] },
  { protocol: { name: 'unknown', number: 254 }, part: fc.constant({}), states: [] },
];

/** Flows that the conditions of {@link anyCondition} tell apart. */
export const anyFilteredFlow: fc.Arbitrary<Flow> = fc
  .tuple(fc.constantFrom('ipv4' as const, 'ipv6' as const), fc.constantFrom(...KINDS))
  .chain(([family, { protocol, part, states }]) => {
    const address = fc.constantFrom(...(family === 'ipv4' ? IPV4 : IPV6));
    const oneZone = fc.record({ zone: fc.constantFrom(1, 5, 65535) }, { requiredKeys: [] });
    const tuple: fc.Arbitrary<Tuple> = fc
      .tuple(address, address, part, oneZone, counters)
      .map(([src, dst, ...rest]) => Object.assign({ src, dst }, ...rest) as Tuple);
    return fc
      .record({
        original: tuple,
        reply: fc.option(tuple, { nil: undefined }),
        plain: fc.boolean(),
        status: fc.subarray(['unreplied', 'assured', 'offload', 'hw_offload'] as const),
        state: fc.constantFrom(...states, undefined),
        timeout: fc.constantFrom(0, 59, 60, 432_000, undefined),
        mark: fc.constantFrom(...MARKS, undefined),
        zone: fc.constantFrom(1, 5, undefined, undefined),
        delta_time: fc.constantFrom(0, 3600, 86_400, 18_446_744_073_709_551_516n, undefined),
        helper: fc.constantFrom(...HELPERS, undefined),
        id: fc.constantFrom(...IDS, undefined),
        labels: fc.oneof(fc.constant(undefined), fc.uniqueArray(fc.constantFrom(...LABELS), { maxLength: 3 })),
      })
      .map((rest) => ({ family, protocol, ...rest }));
  })
  .map(({ plain, ...flow }) => whole(flow as Flow, plain));

/** @param plain with a reply that mirrors the original, as most flows have */
function whole(flow: Flow, plain: boolean): Flow {
  const { original } = flow;
  if (plain && flow.reply) {
    const { src, dst, sport, dport } = original;
    Object.assign(flow.reply, { src: dst, dst: src, id: original.id });
    if (sport !== undefined) Object.assign(flow.reply, { sport: dport, dport: sport });
  }
  const nat = flow.reply && natOf(original, flow.reply);
  return without({ ...flow, reply: flow.reply && without(flow.reply), nat }) as Flow;
}

function without(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}
