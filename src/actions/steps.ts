import type { LogEvent, LogEventType } from '../model/daemon-log.js';
import type { ActionStep, FlowsAtStake } from '../model/action.js';
import { commandLine, type ToolCommand } from '../sources/tool.js';
import { daemonRequest, emptyTable, type QueryOptions } from '../sources/queries.js';
import type { DaemonFile } from './daemon/daemon-file.js';

/** A step that is to be done, with what tells afterwards whether it was. */
export type PlannedStep = { does: string; command: string } & (
  | { by: 'daemon'; request: ToolCommand; proof: LogProof }
  | { by: 'conntrack'; request: ToolCommand; table: 'kernel' | 'expectations' }
  | { by: 'restart'; daemon: DaemonFile }
);

/** A step as an operator is shown it before it is begun. */
export function shown({ does: step, command }: PlannedStep): ActionStep {
  return { step, command, outcome: 'planned' };
}

/** By which lines of conntrackd's log a request is known to be done, or refused; conntrackd itself never says it. */
export interface LogProof {
  done: (event: LogEvent) => boolean;
  /** The line of a refusal, and what it means, as half a sentence. */
  refused: { type: LogEventType; because: string };
  /** A cache that is empty afterwards, which proves it where there is no log. */
  empties?: keyof FlowsAtStake & ('internal' | 'external');
  /** The kernel's table is read anew, which the daemon counts. */
  counted?: true;
  /** It lasts as long as it lasts: a daemon that answers others is at work. */
  endless?: true;
}

const NO_FLUSH = { type: 'flush_refused', because: 'a commit is in progress' } as const;
const NO_RESYNC = { type: 'resync_unsupported', because: 'conntrackd keeps no internal cache' } as const;
const NO_COMMIT = { type: 'commit_refused', because: 'another commit is in progress' } as const;

/** Empties one of conntrackd's caches. */
export function flushCache(cache: 'internal' | 'external', query: QueryOptions): PlannedStep {
  const done = (event: LogEvent): boolean =>
    event.type === 'cache_flush' && (event.cache === cache || event.cache === 'all');
  const proof = { done, refused: NO_FLUSH, empties: cache };
  return request(`empty the ${cache} cache`, ['-f', cache], proof, query);
}

/** Reads the internal cache anew from the kernel. */
export function resyncWithKernel(query: QueryOptions): PlannedStep {
  const done = (event: LogEvent): boolean => event.type === 'kernel_resync' && event.table !== 'expectations';
  const proof = { done, refused: NO_RESYNC, counted: true } as const;
  return request("read the internal cache anew from the kernel's table", ['-R'], proof, query);
}

/** Sends the internal cache to the peer. */
export function bulkUpdate(query: QueryOptions): PlannedStep {
  const done = (event: LogEvent): boolean => event.type === 'bulk_update';
  return request('send all flows to the peer', ['-B'], { done, refused: NO_RESYNC }, query);
}

/** Asks the peer for its internal cache. */
export function resyncRequest(query: QueryOptions): PlannedStep {
  const done = (event: LogEvent): boolean => event.type === 'resync_requested' && event.by !== 'other_node';
  return request('ask the peer for all its flows', ['-n'], { done, refused: NO_RESYNC }, query);
}

/** Puts the external cache into the kernel, expectations included. */
export function commitCache(query: QueryOptions): PlannedStep {
  const done = (event: LogEvent): boolean => event.type === 'commit_took';
  const proof = { done, refused: NO_COMMIT, endless: true } as const;
  return request("put the external cache into the kernel's table", ['-c'], proof, query);
}

function request(does: string, words: string[], proof: LogProof, query: QueryOptions): PlannedStep {
  const command = daemonRequest(words, query);
  return { by: 'daemon', does, command: commandLine(command), request: command, proof };
}

/** Empties the kernel's table, or that of its expectations. */
export function emptyKernel(table: 'kernel' | 'expectations', query: QueryOptions): PlannedStep {
  const command = emptyTable(table === 'kernel' ? 'flows' : 'expectations', query);
  const does = table === 'kernel' ? "empty the kernel's table" : "empty the kernel's table of expectations";
  return { by: 'conntrack', does, command: commandLine(command), request: command, table };
}

/** Ends the daemon and starts it anew. */
export function restart(daemon: DaemonFile): PlannedStep {
  const command = daemon.unit === undefined ? `conntrackd -d -C ${daemon.path}` : `systemctl restart ${daemon.unit}`;
  return { by: 'restart', does: 'restart conntrackd', command, daemon };
}
