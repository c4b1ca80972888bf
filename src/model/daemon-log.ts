import type { Expectation } from './expectation.js';
import type { Failure } from './failure.js';
import type { Flow } from './flow.js';

/** How conntrackd marks a message; `unknown` where it prints a mark that ctsync does not know. */
export type LogLevel = 'info' | 'notice' | 'warning' | 'error' | 'unknown';

/** What conntrackd means by a message (formats.md §11). */
export type LogEventType =
  /** A commit of the external cache to the kernel begins: `table` says of what. */
  | 'commit_started'
  /** So many `flows` or `expectations` are new in the kernel. */
  | 'committed'
  /** So many `flows` or `expectations` could not be committed. */
  | 'commit_failed'
  /** One flow could not be committed, for this `reason`; it follows as a record of its own. */
  | 'commit_object_failed'
  /** How many `seconds` the commit has taken. */
  | 'commit_took'
  /** A commit was asked for while another one ran: nothing was done. */
  | 'commit_refused'
  /** What the peer sent could not be put into the kernel (DisableExternalCache), for this `reason`. */
  | 'injection_failed'
  /** A resync was asked for, `by` this node or by the other one. */
  | 'resync_requested'
  /** The internal cache is sent to the peer. */
  | 'bulk_update'
  /** The internal cache is read anew from the kernel: `table` says of what. */
  | 'kernel_resync'
  /** DisableInternalCache: there is nothing to read anew. */
  | 'resync_unsupported'
  /** A `cache` is emptied. */
  | 'cache_flush'
  /** The kernel's table is emptied: `table` says of what; `scheduled` where PurgeTimeout did it. */
  | 'kernel_flush'
  /** The kernel's flows are to be flushed in so many `seconds` (PurgeTimeout). */
  | 'kernel_flush_scheduled'
  /** A flush was asked for during a commit: nothing was done. */
  | 'flush_refused'
  /** `device` carries the synchronisation from now on. */
  | 'link_active'
  /** No dedicated link is left. */
  | 'link_none'
  /** The buffer for the kernel's events has so many `bytes` from the start. */
  | 'netlink_buffer_set'
  /** Events came faster than they were read: the buffer has twice as many `bytes` now. */
  | 'netlink_buffer_doubled'
  /** Events are lost, and the buffer may not grow further. */
  | 'netlink_buffer_limit'
  /** A child of the daemon was ended by a `signal`. */
  | 'child_aborted'
  /** The daemon is ready. */
  | 'initialized'
  /** The daemon could not begin. */
  | 'initialization_failed'
  /** The daemon runs in the background (`daemon`) or not (`console`). */
  | 'started'
  /** The daemon was told to end. */
  | 'shutdown';

/** A message of conntrackd's that ctsync knows. Fields that the message does not have are absent. */
export interface LogEvent {
  type: LogEventType;
  /** What it is about. */
  table?: 'flows' | 'expectations' | 'all';
  cache?: 'internal' | 'external' | 'all';
  /**
   * How many flows.
   * @asType integer
   */
  flows?: number;
  /**
   * How many expectations.
   * @asType integer
   */
  expectations?: number;
  seconds?: number;
  /** @asType integer */
  bytes?: number;
  by?: 'this_node' | 'other_node';
  /** Name of a network device. */
  device?: string;
  /**
   * Process id of a child.
   * @asType integer
   */
  child?: number;
  /** @asType integer */
  signal?: number;
  scheduled?: true;
  mode?: 'daemon' | 'console';
  /** The system's words for what went wrong. */
  reason?: string;
}

/** One line of conntrackd's log. A field that the line does not have is absent. */
export interface LogRecord {
  /**
   * When, RFC 3339 UTC. Absent where it can't be told: a captured log without `--timezone`, an hour that the zone's clocks
   * left out, a line without a time.
   * @format date-time
   */
  at?: string;
  /** The time means two instants, an hour apart, since the clocks were put back: `at` is the first of them. */
  at_ambiguous?: true;
  /** The time as written; absent where the journal or syslog gave an instant. */
  at_text?: string;
  /**
   * Process id of the daemon or of its child.
   * @asType integer
   */
  pid?: number;
  /** Absent in syslog files, which do not tell, and of flows. */
  level?: LogLevel;
  /** The text behind time, process and level; the whole line where it is not conntrackd's. */
  message: string;
  /** The message is longer than any of conntrackd's, or has no end yet, and is not here in full. */
  truncated?: true;
  /** Absent where the message is none that ctsync knows. */
  event?: LogEvent;
  /** A flow that could not be committed, or, in the log of statistics mode, one that has ended. */
  flow?: Flow;
  /** An expectation that could not be committed. */
  expectation?: Expectation;
}

/** Where a log is read. */
export interface LogOrigin {
  kind: 'file' | 'journal' | 'syslog' | 'capture';
  /** Absent for the journal, and for stdin. */
  path?: string;
  /** IANA name of the zone in which its times are written; absent where it is not known. */
  timezone?: string;
}

/** The numbers under a log. */
export interface LogSummary {
  /**
   * Records shown.
   * @asType integer
   */
  shown: number;
  /**
   * Lines that are none of conntrackd's; they are shown as they are.
   * @asType integer
   */
  unreadable: number;
  /** There are earlier records, which a limit left out. */
  limited?: true;
  /**
   * Bytes of the file before the first record that was looked at; absent where that is its beginning, or not known.
   * @asType integer
   */
  earlier_bytes?: number;
  /**
   * How long it took, in milliseconds.
   * @asType integer
   */
  elapsed_ms: number;
}

/** What is known once a log has been read. */
export interface LogVerdict {
  summary: LogSummary;
  complete?: boolean;
  /** Why it is not complete. */
  failure?: Failure;
  /** Sentences that an operator should read with the log. */
  notes: string[];
}

/** The records of a log as they come, and the verdict once they have ended. */
export interface LogStream {
  origin: LogOrigin;
  batches(): AsyncIterable<LogRecord[]>;
  verdict(): LogVerdict;
}
