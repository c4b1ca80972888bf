import type { Flow, Tuple } from '../../src/model/flow.js';
import { must } from './run.js';
import type { Place } from './views-support.js';

/** A flow as conntrack printed it, read apart without ctsync's parser. */
export interface Printed {
  /** What makes a flow the same one in two dumps: its original tuple, and conntrack's id, which alone is not unique. */
  key: string;
  family: string;
  protocol: { name: string; number: number };
  state: string | undefined;
  timeout: number;
  original: Tuple;
  reply: Tuple;
  flags: string[];
  mark: number;
  id: number;
  age: number;
}

/** Protocols of the lab that conntrack has no name for. */
const NAMELESS: Readonly<Record<number, string>> = { 2: 'igmp', 112: 'vrrp' };

/** The kernel's table as conntrack prints it now, by key. */
export async function printedFlows({ lab, router }: Place, family: 'ipv4' | 'ipv6'): Promise<Map<string, Printed>> {
  const command = ['conntrack', '-L', '-f', family, '-o', 'extended,id'];
  const text = await must(['ip', 'netns', 'exec', lab.namespaces[router], ...command]);
  const flows = text.trimEnd().split('\n').map(printed);
  return new Map(flows.map((flow) => [flow.key, flow]));
}

/** The key of a flow in ctsync's JSON, as {@link Printed.key}. */
export function keyOf(flow: Flow): string {
  const { src, dst, sport, dport, type, code, id } = flow.original;
  return [flow.id, flow.protocol.number, src, dst, sport, dport, type, code, id]
    .filter((word) => word !== undefined)
    .join(' ');
}

/** `ipv4 2 tcp 6 431987 ESTABLISHED src=…`: the state is not there for every protocol. */
const HEAD = /^(ipv[46]) +\d+ (\S+) +(\d+) (\d+) (?:([A-Z_2]+) )?src=/;
const TUPLE =
  /src=(\S+) dst=(\S+) (?:sport=(\d+) dport=(\d+) |type=(\d+) code=(\d+) id=(\d+) )?packets=(\d+) bytes=(\d+)/g;
const TAIL = / mark=(\d+) (?:delta-time=(\d+) )?use=\d+ id=(\d+)$/;

function printed(line: string): Printed {
  const head = HEAD.exec(line);
  const tail = TAIL.exec(line);
  const [original, reply] = [...line.matchAll(TUPLE)].map(tuple);
  if (!head || !tail || !original || !reply) throw new Error(`conntrack printed a line of another form: ${line}`);
  const number = Number(head[3]);
  const { src, dst, sport, dport, type, code, id } = original;
  const words = [tail[3], number, src, dst, sport, dport, type, code, id];
  return {
    key: words.filter((word) => word !== undefined).join(' '),
    family: head[1] ?? '',
    protocol: { name: head[2] === 'unknown' ? (NAMELESS[number] ?? 'unknown') : (head[2] ?? ''), number },
    timeout: Number(head[4]),
    state: head[5],
    original,
    reply,
    flags: [...line.matchAll(/\[([A-Z_]+)\]/g)].map(([, flag]) => (flag ?? '').toLowerCase()),
    mark: Number(tail[1]),
    age: Number(tail[2]),
    id: Number(tail[3]),
  };
}

function tuple([, src = '', dst = '', ...numbers]: RegExpMatchArray): Tuple {
  const names = ['sport', 'dport', 'type', 'code', 'id', 'packets', 'bytes'] as const;
  const present = names.flatMap((name, i) => (numbers[i] === undefined ? [] : [[name, Number(numbers[i])]]));
  return { src, dst, ...(Object.fromEntries(present) as object) };
}

/** What a flow in ctsync's JSON says otherwise than conntrack did in a dump before and in one after it; empty is good. */
export function differences(flow: Flow, before: Printed, after: Printed): string[] {
  const found: string[] = [];
  const same = (what: string, ours: unknown, theirs: unknown): void => {
    if (JSON.stringify(ours) !== JSON.stringify(theirs)) found.push(`${what}: ${String(ours)}, not ${String(theirs)}`);
  };
  const between = (what: string, low: unknown, ours: unknown, high: unknown): void => {
    if (!(Number(low) <= Number(ours) && Number(ours) <= Number(high)))
      found.push(`${what}: ${String(ours)}, not between ${String(low)} and ${String(high)}`);
  };
  same('family', flow.family, before.family);
  same('protocol name', flow.protocol.name, before.protocol.name);
  same('mark', flow.mark, before.mark);
  same('id', flow.id, before.id);
  between('age', before.age, flow.delta_time, after.age);
  for (const direction of ['original', 'reply'] as const) {
    const { packets, bytes, ...addresses } = flow[direction] ?? { src: '', dst: '' };
    same(direction, ordered(addresses), ordered(withoutCounters(before[direction])));
    between(`${direction} packets`, before[direction].packets, packets, after[direction].packets);
    between(`${direction} bytes`, before[direction].bytes, bytes, after[direction].bytes);
  }
  // Where no packet came between the two dumps, nothing else may have changed but the time that is left.
  if (packetsOf(before) === packetsOf(after)) {
    same('state', flow.state, before.state);
    same('status', [...flow.status].sort(), [...before.flags].sort());
    between('timeout', after.timeout, flow.timeout, before.timeout);
  }
  return found.map((difference) => `${before.key}: ${difference}`);
}

function packetsOf({ original, reply }: Printed): number {
  return Number(original.packets) + Number(reply.packets);
}

function withoutCounters({ packets: _packets, bytes: _bytes, ...addresses }: Tuple): Tuple {
  return addresses;
}

function ordered(tuple: object): string {
  return JSON.stringify(Object.entries(tuple).sort(([a], [b]) => a.localeCompare(b)));
}
