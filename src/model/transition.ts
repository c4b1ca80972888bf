import type { Failure } from './failure.js';

/** What a step of the failover hook had conntrackd do. */
export type TransitionStepName =
  /** Whether the daemon answers, and how many flows its caches hold. */
  | 'probe'
  /** A daemon that was dead was started. */
  | 'start'
  /** The flows of the external cache, and the expectations, were committed to the kernel. */
  | 'commit'
  /** The commit that somebody else had asked for was waited for. */
  | 'wait'
  /** Both caches were emptied. */
  | 'flush'
  /** The internal cache was read anew from the kernel. */
  | 'kernel_resync'
  /** The internal cache was sent to the peer. */
  | 'bulk_update'
  /** The flush of the kernel's table after PurgeTimeout. */
  | 'purge'
  /** The peer was asked for its flows. */
  | 'resync_request';

/**
 * `ok`: conntrackd took it, which says no more than that (it ends with 0 whatever becomes of a request). `skipped`: on purpose,
 * see `reason`. `not_asked`: the daemon had been silent or dead before.
 */
export type StepResult = 'ok' | 'failed' | 'timeout' | 'skipped' | 'not_asked';

/** One step of a transition. */
export interface TransitionStep {
  step: TransitionStepName;
  /** conntrackd's option, such as `-c`; absent where the step is no request. */
  request?: string;
  result: StepResult;
  /** How long it took, to the hundredth. */
  seconds: number;
  /** Why it was skipped or failed; absent where there is nothing to say. */
  reason?: string;
}

/** Flows in the caches; a cache that there is none of is absent. */
export interface CacheFlows {
  /** @asType integer */
  internal?: number;
  /** @asType integer */
  external?: number;
}

/** What conntrackd has logged of one commit. */
export interface TransitionCommit {
  table: 'flows' | 'expectations';
  /** @asType integer */
  committed: number;
  /**
   * Those that the kernel did not take.
   * @asType integer
   */
  failed: number;
  /** By conntrackd's own clock, to the microsecond. */
  seconds: number;
}

/** States of VRRP that a hook is called for. */
export type TransitionState = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP';

/** One transition of a sync group, as the failover hook recorded it once it had done what the state asks for. */
export interface Transition {
  /**
   * When keepalived called, RFC 3339 UTC; to the millisecond, unless the host's date(1) knows whole seconds only. Absent where
   * a captured syslog does not tell year or zone.
   * @format date-time
   */
  at?: string;
  /** When, as syslog has it; absent where it gave an instant. */
  at_text?: string;
  /** Name of the host. */
  host: string;
  /** Name of the sync group. */
  group: string;
  /** What the group was before; absent where this is the first transition since the machine was started, or not known. */
  from?: TransitionState;
  to: TransitionState;
  /**
   * `done`: every step was taken. `failed`: one was not. `superseded`: a newer state of the group came before anything was
   * done. `killed`: the hook was ended before it was done. Where only syslog tells of it, `failed` or absent.
   */
  result?: 'done' | 'failed' | 'superseded' | 'killed';
  /** From the call to the last step, to the hundredth; absent where that is not known. */
  seconds?: number;
  /** How long of that another run of the hook was waited for; absent where it was not. */
  waited_seconds?: number;
  /** This is no transition, but what the last one to BACKUP asks for once PurgeTimeout is over. */
  delayed?: true;
  /** In their order; absent where only syslog tells of it. */
  steps?: TransitionStep[];
  /** Before the first request that changes something; absent where the daemon was not asked or did not answer. */
  caches_before?: CacheFlows;
  /** After the last one. */
  caches_after?: CacheFlows;
  /** Of the log during this run; empty where it told of none, absent where neither a file nor the journal tells. */
  commits?: TransitionCommit[];
}

/** Where transitions are read: the record of ctsync's hook, the syslog of another one (VyOS's), or a captured one of these. */
export interface HistoryOrigin {
  kind: 'record' | 'syslog' | 'capture';
  /** Absent for the journal, and for stdin. */
  path?: string;
}

/** The numbers under a history. */
export interface HistorySummary {
  /**
   * Transitions shown.
   * @asType integer
   */
  shown: number;
  /**
   * Lines of a record that are no transitions, half ones among them; they are not shown.
   * @asType integer
   */
  unreadable: number;
  /**
   * How long it took, in milliseconds.
   * @asType integer
   */
  elapsed_ms: number;
}

/** The transitions of a node, the oldest first. */
export interface TransitionHistory {
  origin: HistoryOrigin;
  transitions: Transition[];
  summary: HistorySummary;
  /** Absent for a capture: older ones may have been left out of it. */
  complete?: boolean;
  /** Why it is not complete. */
  failure?: Failure;
  /** Sentences that an operator should read with it. */
  notes: string[];
}
