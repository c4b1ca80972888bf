import * as Flags from '@oclif/core/flags';
import { filterFlags } from './flow-flags.js';
import { intervalFlag } from './interval-flag.js';

const OUTPUT = 'OUTPUT';

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
  interval: intervalFlag(),
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
