import type { FailureCode } from './failure.js';
import type { Counter } from './number.js';
import type { GroupRole } from './sync-status.js';

/** What this node is for the flows that conntrackd keeps: `mixed` where it is master of some of its groups only. */
export type NodeRole = 'master' | 'backup' | 'mixed' | 'unknown';

/** An action, as the words of its command. */
export type ActionName =
  | 'reset conntrack'
  | 'reset conntrack-sync internal-cache'
  | 'reset conntrack-sync external-cache'
  | 'restart conntrack-sync'
  | 'sync conntrack-sync commit'
  | 'sync conntrack-sync bulk'
  | 'sync conntrack-sync request';

/**
 * How a step came out. `unverified`: the tool took it, and nothing tells whether it did it. `timeout`: nobody answered; it
 * may still be carried out. `not_done`: not begun, after a step that failed. `planned`: a dry run.
 */
export type StepOutcome = 'done' | 'failed' | 'unverified' | 'timeout' | 'not_done' | 'planned';

/** One step of an action. */
export interface ActionStep {
  /** What it is to do, as an infinitive. */
  step: string;
  /** The command line that does it. */
  command: string;
  outcome: StepOutcome;
  /** How long it took; absent where it was not begun. */
  seconds?: number;
  /** What the outcome is known by, as half a sentence: a line of the log, or a counter. */
  evidence?: string;
  /** Flows that a commit has put into the kernel, and those that it could not. */
  committed?: { flows: number; failed: number };
}

/** How many flows and expectations there are; absent what is not kept or not known. */
export interface FlowsAtStake {
  /** In the kernel's table. */
  kernel?: Counter;
  /** The kernel's expectations. */
  expectations?: Counter;
  /** In conntrackd's internal cache. */
  internal?: Counter;
  /** In conntrackd's external cache. */
  external?: Counter;
}

/** What is known of an action before it is begun. */
interface ActionBasis {
  action: ActionName;
  role: NodeRole;
  /** Absent where the role is not known. */
  sync_groups?: GroupRole[];
  /** Why the role is not known, as half a sentence. */
  role_unknown?: string;
  at_stake: FlowsAtStake;
  steps: ActionStep[];
  /** Sentences that an operator should read before and after. */
  notes: string[];
}

/** What an action is about to do, as the operator is asked. */
export interface ActionPlan extends ActionBasis {
  host: string;
}

/** What an action has done, or would do. */
export interface ActionResult extends ActionBasis {
  /** `partly`: some steps are done, or may be. `failed`: none is. `dry-run`: nothing was touched. */
  outcome: 'done' | 'partly' | 'failed' | 'dry-run';
  /** The same counts behind the last step; absent where they could not be had, and in a dry run. */
  left?: FlowsAtStake;
}

/** The same, and why it is not done. */
export interface ActionReport extends ActionResult {
  /** Absent where it is done. */
  failure?: { code: FailureCode; message: string; next?: string };
}

/** How an action is to be done. */
export interface ActionManner {
  /** Whether only what would be done is wanted: nothing is touched then. */
  dryRun: boolean;
  /** Asks the operator. Throws where that one does not want it. */
  confirm: (plan: ActionPlan) => Promise<void>;
  /** Told of all steps as the first one begins, and as each has ended: `planned` are those that have not. */
  onProgress: (steps: readonly ActionStep[]) => void;
}
