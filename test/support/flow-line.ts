import type { Flow, Tuple } from '../../src/model/flow.js';

/** What conntrack knows a name for; all else it prints as `unknown` (formats.md §3). */
const NAMED = new Set(['tcp', 'udp', 'udplite', 'icmp', 'icmpv6', 'sctp', 'gre', 'dccp']);
const FAMILY_NUMBERS = { ipv4: '2', ipv6: '10' };

/**
 * A flow as conntrack would print it (formats.md §2): the other way round of the parser, written on its own.
 *
 * @param like the line that is to come out: it tells what the flow does not, the l3 columns and /proc's own word order
 */
export function printFlow(flow: Flow, like: string): string {
  const { family, protocol, original, reply, status } = flow;
  const words: string[] = [];
  if (/^ipv[46] /.test(like)) words.push(family.padEnd(8), FAMILY_NUMBERS[family]);
  const name = NAMED.has(protocol.name) && !/^(?:ipv[46] +\d+ )?unknown/.test(like) ? protocol.name : 'unknown';
  words.push(name.padEnd(8), String(protocol.number));
  add(words, '', flow.timeout);
  add(words, '', flow.state);
  words.push(...tuple(original, 'zone-orig='));
  if (status.includes('unreplied')) words.push('[UNREPLIED]');
  if (reply) words.push(...tuple(reply, 'zone-reply='));
  for (const flag of status) if (flag !== 'unreplied') words.push(`[${flag.toUpperCase()}]`);
  add(words, 'mark=', flow.mark);
  add(words, 'secmark=', flow.secmark);
  add(words, 'secctx=', flow.secctx);
  add(words, 'zone=', flow.zone);
  add(words, 'delta-time=', flow.delta_time);
  add(words, '[start=', flow.start, ']');
  add(words, '[stop=', flow.stop, ']');
  add(words, 'helper=', flow.helper);
  add(words, 'use=', flow.use);
  add(words, 'id=', flow.id);
  if (flow.labels) words.push(flow.labels.length === 0 ? 'labels' : `labels=${flow.labels.join(',')}`);
  add(words, '[expires in ', flow.expires_in, 's]');
  add(words, '[active since ', flow.active_since, 's]');
  return words.join(' ');
}

function tuple(tuple: Tuple, zoneKey: string): string[] {
  const words = [`src=${tuple.src}`, `dst=${tuple.dst}`];
  for (const key of ['sport', 'dport', 'srckey', 'dstkey', 'type', 'code', 'id'] as const)
    add(words, `${key}=`, tuple[key]);
  add(words, zoneKey, tuple.zone);
  add(words, 'packets=', tuple.packets);
  add(words, 'bytes=', tuple.bytes);
  return words;
}

function add(words: string[], before: string, value: string | number | bigint | undefined, after = ''): void {
  if (value !== undefined) words.push(`${before}${value}${after}`);
}
