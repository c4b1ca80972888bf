import type { NodeRole } from '../model/action.js';
import type { SyncConfiguration } from '../model/sync-configuration.js';
import type { SourceOptions } from '../sources/options.js';
import { askTool } from '../sources/process.js';
import { daemonRequest } from '../sources/queries.js';

/** What is asked of the daemon after its restart, which has emptied its caches, and what is to be done elsewhere. */
export interface Refill {
  requests: readonly ('-B' | '-n')[];
  step: string;
  notes: string[];
}

/**
 * A bulk update only from the master of all groups: with DisableExternalCache, one from a backup makes the master delete and
 * recreate every flow (formats.md §16.21). For the same reason nobody is asked for one who is not the master of all.
 */
export function refillFor(
  role: NodeRole,
  { disable_external_cache: direct }: Pick<SyncConfiguration, 'disable_external_cache'>,
): Refill {
  switch (role) {
    case 'master':
      return {
        requests: ['-B'],
        step: 'asked conntrackd to send all flows to the peer (-B): this node is master',
        notes: direct ? [] : [STALE],
      };
    case 'backup':
      return { requests: ['-n'], step: 'asked the peer for all its flows (-n): this node is backup', notes: [] };
    case 'mixed':
      return direct
        ? UNASKED
        : {
            requests: ['-n'],
            step: 'asked the peer for all its flows (-n): this node is not master of every group',
            notes: [
              'Nothing was sent to the peer: once it holds what it should, "conntrackd -n" there fetches the flows of this node.',
            ],
          };
    case 'unknown':
      return {
        requests: [],
        step: 'filled no caches: whether this node is master or backup is not known',
        notes: [
          'On the master, "conntrackd -B" sends all flows to the peer; on a backup, "conntrackd -n" asks for them.',
        ],
      };
  }
}

/**
 * Without external caches the kernels of both nodes have the flows of both. Whoever was restarted has them all in its internal
 * cache, too, and sends them all: the other one would make its own flows anew (formats.md §16.21).
 */
const UNASKED: Refill = {
  requests: [],
  step: 'asked for no flows and sent none: without an external cache, the kernels of both nodes hold them all',
  notes: [
    'Neither "conntrackd -B" nor "conntrackd -n" is for this pair while each node is master of a group: both make flows of the other group anew.',
  ],
};

const STALE =
  'The peer may hold flows that ended while conntrackd was restarted; there, "conntrackd -f external" and then "conntrackd -n" cure that.';

/**
 * Sends the requests, each once: one that was not answered may still be carried out.
 *
 * @returns a sentence for each that failed
 */
export async function refill(requests: Refill['requests'], { query, abort }: SourceOptions): Promise<string[]> {
  const failed: string[] = [];
  for (const request of requests) {
    try {
      const { exitCode, stderr } = await askTool(daemonRequest([request], query), abort);
      if (exitCode !== 0) failed.push(`conntrackd ${request} failed: ${stderr.trim().split('\n').at(-1) ?? ''}.`);
    } catch (error) {
      failed.push(`conntrackd ${request} was not answered, and may still be carried out: ${String(error)}`);
    }
  }
  return failed;
}
