import type { ConfigurationFinding } from '../../model/configuration.js';
import type { Made, VerifySurroundings } from './material.js';

/** What conntrackd takes for a flow: 530 MB for a million, as measured (formats.md §15). */
const BYTES_PER_FLOW = 530;
/** What every Ethernet carries. */
const USUAL_MTU = 1500;
/** Messages of several flows are put together up to the MTU; below this each link is slow and fragments. */
const SMALLEST_MTU = 1280;

/** Whether memory, buffers and links can hold what they are to. */
export function sizeFindings(around: VerifySurroundings, made: Made): ConfigurationFinding[] {
  if (made === undefined) return [];
  return [...memoryFindings(around, made), ...bufferFindings(around, made), ...mtuFindings(around, made)];
}

function memoryFindings({ memory }: VerifySurroundings, made: NonNullable<Made>): ConfigurationFinding[] {
  const { hash_limit: limit } = made.general;
  if (limit === undefined || memory === undefined || limit * BYTES_PER_FLOW <= memory) return [];
  const [needed, there] = [limit * BYTES_PER_FLOW, memory].map((bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`);
  const message = `HashLimit ${limit} lets conntrackd keep flows of ${needed} in a cache, and this node has ${there} of memory.`;
  return [{ severity: 'warning', message }];
}

function bufferFindings({ bufferLimits: limits }: VerifySurroundings, made: NonNullable<Made>): ConfigurationFinding[] {
  if (limits === undefined) return [];
  const sizes = [
    [
      'net.core.rmem_max',
      limits.receive,
      Math.max(0, ...links(made).map((link) => link.receive_buffer_size ?? 0)),
      'sync-queue-size',
    ],
    [
      'net.core.wmem_max',
      limits.send,
      Math.max(0, ...links(made).map((link) => link.send_buffer_size ?? 0)),
      'sync-queue-size',
    ],
    ['net.core.rmem_max', limits.receive, made.general.netlink_buffer_size_max_growth ?? 0, 'event-listen-queue-size'],
  ] as const;
  return sizes
    .filter(([, limit, wanted]) => wanted > limit)
    .map(([name, limit, wanted, statement]) => ({
      severity: 'warning',
      message: `${statement} asks for ${wanted} bytes, and in this container conntrackd gets no more than ${name} has: ${limit}.`,
    }));
}

function mtuFindings({ mtus }: VerifySurroundings, made: NonNullable<Made>): ConfigurationFinding[] {
  return links(made).flatMap(({ interface: name = '' }): ConfigurationFinding[] => {
    const mtu = mtus.get(name);
    if (mtu === undefined || (mtu >= SMALLEST_MTU && mtu <= USUAL_MTU)) return [];
    const message =
      mtu < SMALLEST_MTU
        ? `${name} has an MTU of ${mtu}: messages of several flows are cut to it, which makes the link slow.`
        : `${name} has an MTU of ${mtu}: messages are lost unless the peer and all between have no smaller one.`;
    return [{ severity: 'warning', message, statement: `interface ${name}` }];
  });
}

function links({ sync }: NonNullable<Made>) {
  return sync?.links ?? [];
}
