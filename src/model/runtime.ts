import type { Counter } from './number.js';

/** conntrackd's `-s runtime` page (formats.md §10). Counters are 32 or 64 bits wide in the daemon and wrap there. */
export interface DaemonRuntime {
  /** Uptime in the daemon's words: `2 days 3 h 5 min`. */
  uptime?: string;
  /** Uptime in whole minutes, as seconds. */
  uptime_seconds?: number;
  netlink: {
    events_received?: Counter;
    events_filtered?: Counter;
    events_unknown_type?: Counter;
    catch_event_failed?: Counter;
    dump_unknown_type?: Counter;
    overrun?: Counter;
    flush_kernel_table?: Counter;
    resync_with_kernel_table?: Counter;
    buffer_size?: Counter;
  };
  runtime: {
    child_process_failed?: Counter;
    child_process_segfault?: Counter;
    child_process_termsig?: Counter;
    select_failed?: Counter;
    wait_failed?: Counter;
    local_read_failed?: Counter;
    local_unknown_request?: Counter;
  };
  /** Lines of the page that ctsync does not know, as printed. */
  extra?: string[];
}
