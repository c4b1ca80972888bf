import type { FailureCode } from './failure.js';
import type { FailoverState } from './failover-state.js';
import type { FaultyHook } from './keepalived-conf.js';
import type { DedicatedLink } from './link.js';
import type { Counter } from './number.js';

/** A part of the status that could not be had, and why. The rest of the page stands without it. */
export interface Unavailable {
  /** Which part: the name of its line on the page. */
  part: string;
  /** Half a sentence. */
  reason: string;
  /**
   * The code of the failure that it is. Absent where nothing has failed: it is not in the capture, was not asked for, or
   * root alone can see it of a daemon that has answered. The status is complete where no part has a code.
   */
  code?: FailureCode;
  /** What to do next; absent where ctsync knows of nothing. */
  next?: string;
}

/** A place in a configuration that its program, or ctsync, does not take as it is written. */
export interface StatusWarning {
  /** Whose configuration it is. */
  program: 'conntrackd' | 'keepalived';
  file: string;
  /**
   * From 1; absent where the warning is about the whole file.
   * @asType integer
   */
  line?: number;
  message: string;
}

/** Lines of the daemon's pages that ctsync does not know, as printed. */
export interface UnknownLines {
  runtime?: string[];
  links?: string[];
  statistics?: string[];
}

/** Which sync groups hand their transitions to conntrackd. */
export interface FailoverMechanism {
  type: 'vrrp';
  /** Names of keepalived's sync groups whose notify lines drive conntrackd; empty where none does. */
  sync_groups: string[];
  /** Names of the groups that have no such notify line. */
  without_hook: string[];
  /** Those of `sync_groups` whose hook is not called at every transition, or wrongly; absent where there is none. */
  faulty_hooks?: FaultyHook[];
  /** Why there is no group at all, where keepalived's configuration does not exist. */
  reason?: string;
}

/** What this node does for one sync group now: it is master while it holds the group's virtual addresses. */
export interface GroupRole {
  sync_group: string;
  /** `partial` where the node holds some of the addresses only. */
  role: 'master' | 'backup' | 'partial';
  /** Virtual addresses of the group that this node holds. */
  held: string[];
  /** Virtual addresses of the group that it does not hold. */
  missing: string[];
}

/** conntrackd's process and configuration. */
export interface DaemonStatus {
  /**
   * Process that owns the control socket.
   * @asType integer
   */
  pid?: number;
  /** When that process was started, RFC 3339 UTC, to the second. */
  running_since?: string;
  /** Uptime in the daemon's own words. */
  uptime?: string;
  /** Version of the installed conntrackd, which need not be the one that runs. */
  installed_version?: string;
  /** Mode as configured. */
  mode?: 'ftfw' | 'notrack' | 'alarm' | 'stats';
}

/** Size of a cache, or why it keeps none. */
export interface CacheSize {
  name: string;
  kind: 'cache' | 'bypass' | 'inject';
  /** Flows; absent where the cache keeps none. */
  active?: Counter;
}

/** What `show conntrack-sync status` tells of one node. What could not be read is absent, and named in `unavailable`. */
export interface SyncStatus {
  /** Interfaces of the dedicated links as configured. */
  sync_interfaces?: string[];
  failover_mechanism?: FailoverMechanism;
  /** Absent where no transition was recorded yet. */
  last_transition?: FailoverState;
  /** `disabled`, `all`, or the names of the helpers whose expectations are synchronised. */
  expectation_sync?: 'disabled' | 'all' | string[];
  roles?: GroupRole[];
  daemon: DaemonStatus;
  links?: DedicatedLink[];
  caches?: CacheSize[];
  /** Absent where there is none. */
  warnings?: StatusWarning[];
  /** Absent where there is none. */
  extra?: UnknownLines;
  unavailable: Unavailable[];
}
