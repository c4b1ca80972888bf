import * as Flags from '@oclif/core/flags';
import { filterFlags } from './flow-flags.js';

const OUTPUT = 'OUTPUT';
const LONGEST_INTERVAL = 86_400;

/** The flags of a command that counts flows by groups. */
export const topFlags = {
  by: Flags.string({
    summary: 'what flows of a group have in common: src, dst,dport, src/24 …',
    description:
      'Keys are src, dst, sport, dport, protocol, state, zone, mark, nat-address (what the source, or else the destination, is translated to), family, reply-src, reply-dst, status and helper. An address with a prefix is a network: src/24, src/64, or src/24/56 for IPv4/IPv6.',
    helpValue: 'KEY[,KEY]',
    default: 'src',
  }),
  metric: Flags.option({
    summary: 'what is counted; new: flows that began within --interval, or 60 s',
    options: ['flows', 'bytes', 'packets', 'new'] as const,
    default: 'flows' as const,
  })(),
  limit: Flags.integer({
    summary: 'show so many groups at the most',
    helpValue: 'N',
    min: 0,
    default: 20,
  }),
  interval: Flags.custom<number>({
    summary: 'read twice, so many seconds apart, and show rates',
    helpValue: 'SECONDS',
    parse: (input) => Promise.resolve(secondsOf(input)),
  })(),
  family: Flags.option({
    summary: 'only flows of this family [default: both]',
    options: ['ipv4', 'ipv6'] as const,
  })(),
  ...filterFlags,
  format: Flags.option({
    summary: 'how to write the groups',
    options: ['table', 'json', 'csv'] as const,
    helpGroup: OUTPUT,
    exclusive: ['json'],
  })(),
  explain: Flags.boolean({
    summary: 'only say which command would be run, and who filters what',
    helpGroup: OUTPUT,
  }),
};

function secondsOf(input: string): number {
  const seconds = Number(input);
  if (!/^\d+(\.\d+)?$/.test(input) || seconds <= 0 || seconds > LONGEST_INTERVAL) {
    throw new Error(`--interval takes a number of seconds above 0, such as 5 or 0.5, not ${JSON.stringify(input)}`);
  }
  return seconds;
}
