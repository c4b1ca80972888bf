import type { TrackingCounters } from './conntrack-statistics.js';
import type { ConntrackdConf } from './conntrackd-conf.js';
import type { LogRecord } from './daemon-log.js';
import type { DaemonPages } from './daemon-pages.js';
import type { FailoverState } from './failover-state.js';
import type { FailureReport } from './failure.js';
import type { Counter } from './number.js';
import type { FailoverMechanism, GroupRole } from './sync-status.js';

/** A UDP socket of this network namespace as `/proc/net/udp` or `udp6` shows it. */
export interface UdpSocket {
  /** Address it is bound to, in the kernel's spelling. */
  address: string;
  /** @asType integer */
  port: number;
  /** Datagrams thrown away because its buffer was full or they were damaged, 32 bits. */
  drops: Counter;
}

/** What is read at one moment. What could not be read is absent, and {@link NodeObservation.unread} says why. */
export interface NodeSample {
  /** Milliseconds since the machine was started; 0 in a capture. */
  at: number;
  /** Without the messages of the resend queue. */
  pages: Partial<Omit<DaemonPages, 'rsqueue'>>;
  /** Messages that FTFW keeps until the peer has acknowledged them. */
  unacknowledged?: Counter;
  /** UDP sockets on which the daemon receives. */
  sockets?: UdpSocket[];
  /** Sums over all CPUs. */
  tracking?: TrackingCounters;
  /** Flows in the kernel's table. */
  flows?: number;
}

/** The internal cache and the flows of the kernel's table that belong into it, read together while flows come and go. */
export interface AcceptedFlows {
  /** Flows in the internal cache. */
  internal: number;
  /** Flows of the kernel's table that the daemon's filter lets in as they are. */
  kernel: number;
  /** The same with TCP flows that it may have let in before, in another state; as many where it has no states. */
  possible: number;
  /** The fewest flows that the cache may have, by what came meanwhile. */
  least: number;
  /** The most, by what went. */
  most: number;
}

/** What a node shows of itself, to be judged. */
export interface NodeObservation {
  /** Why the daemon gives no pages; absent where it answers. */
  daemonFailure?: FailureReport;
  /** conntrackd's configuration. */
  conf?: ConntrackdConf;
  /** Its path. */
  confFile: string;
  /** When the file was last changed. */
  confChanged?: Date;
  /** When the process that answers was started. */
  runningSince?: Date;
  /** Programs called conntrackd on the search path that are not netfilter's. */
  strangers?: readonly string[];
  /** The last of one or two samples is `now`. */
  before?: NodeSample;
  now: NodeSample;
  /** Why the earlier sample tells nothing of conntrackd, half a sentence: it was restarted since, and is left out there. */
  restarted?: string;
  /** One more between them, where it was looked whether something goes on. */
  between?: NodeSample;
  /** How many flows the kernel's table takes; 0 stands for no limit. */
  limit?: number;
  /** Whether the kernel counts bytes, and notes when a flow began. */
  accounting?: boolean;
  timestamps?: boolean;
  roles?: readonly GroupRole[];
  mechanism?: FailoverMechanism;
  transition?: FailoverState;
  /** What conntrackd has logged, the oldest first. */
  log?: readonly LogRecord[];
  /** From when on `log` has everything, milliseconds since the epoch; absent where it has no record with a time. */
  logSince?: number;
  /** When the node was read, by its own clock; absent for a capture. */
  readAt?: Date;
  /** Names of the interfaces that there are. */
  interfaces?: readonly string[];
  /** Absent where the internal cache and the kernel's table were not compared. */
  accepted?: AcceptedFlows;
  /** Somebody wants to know whether they are far from each other. */
  comparisonAsked?: true;
  /** Why something is absent: half a sentence, by the name of the field or page. */
  unread: Readonly<Partial<Record<string, string>>>;
}
