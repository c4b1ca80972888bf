import type { NodeSample } from './node-observation.js';
import type { Counter } from './number.js';

/** What tells one run of conntrackd from the next. Any of it may be unknown. */
export interface DaemonSign {
  /** From its `-s runtime` page, whole minutes. */
  uptime_seconds?: number;
  /** From the same page, 64 bits wide: it only grows while the daemon runs. */
  events_received?: Counter;
  /** The process that owns the control socket, where that can be seen. */
  process?: {
    pid: number;
    /** See `ProcessStatus`. */
    start_ticks: number;
  };
}

/** A sample of a node, and the process that owned conntrackd's control socket then, where that can be seen. */
export interface SignedSample extends Pick<DaemonSign, 'process'> {
  sample: NodeSample;
}
