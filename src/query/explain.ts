import type { Family } from '../model/flow.js';
import { print } from './filter/print.js';
import type { PushDown } from './push-down.js';

const NAMES: Readonly<Record<Family, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };
const BY = { kernel: 'the kernel filters', conntrack: 'conntrack filters' } as const;

/**
 * How the work on a filter is shared, as lines for an operator: what is asked, which condition went into which argument,
 * and what ctsync filters itself and why.
 *
 * @param commandLine the command that is run for it
 */
export function explain({ family, never, pushed, kept }: PushDown, commandLine: string): string[] {
  if (never) return [`${NAMES[family]}: nothing is asked, because no ${NAMES[family]} flow can match.`];
  const rows = [
    ...pushed.map(({ filter, args, by }) => [BY[by], print(filter), args.join(' ')]),
    ...kept.map(({ filter, because }) => ['ctsync filters', print(filter), because]),
  ];
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return [
    `${NAMES[family]}: ${commandLine}`,
    ...rows.map(([who, what, how]) => `  ${who!.padEnd(widths[0]!)}  ${what!.padEnd(widths[1]!)}  ${how}`),
  ];
}
