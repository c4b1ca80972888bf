import type { Counter } from './number.js';

/**
 * The kernel's counters of connection tracking, by their netlink names whatever the source calls them. A counter that the
 * kernel does not have is absent. Each is 32 bits wide in the kernel and begins again at 0 after 4294967295.
 */
export interface TrackingCounters {
  /** Lookups that found the tuple which NAT wanted taken; before Linux 4.9 every packet of a known flow. */
  found?: Counter;
  /** Packets that belong to no flow and can't begin one. */
  invalid?: Counter;
  /** Flows put into the table by programs; before Linux 4.9 all new flows. */
  insert?: Counter;
  /** New flows that could not be put into the table, mostly because the same flow was there already. */
  insert_failed?: Counter;
  /** Packets dropped because their flow could not be made or put into the table. */
  drop?: Counter;
  /** Flows thrown out to make room in a full table. */
  early_drop?: Counter;
  /** ICMP packets that were malformed or report an error of no known flow. */
  error?: Counter;
  /** Lookups begun again because the table changed under them. */
  search_restart?: Counter;
  /** Packets that raced each other to begin the same flow, and were let through. */
  clash_resolve?: Counter;
  /** New flows refused because their bucket holds too many already. */
  chaintoolong?: Counter;
  /** Flows that came because an expectation was met. */
  expect_new?: Counter;
  /** Expectations made. */
  expect_create?: Counter;
  /** Expectations removed. */
  expect_delete?: Counter;
  /** Steps of all lookups; 0 or absent since Linux 4.9. */
  searched?: Counter;
  /** Flows begun; 0 or absent since Linux 4.9. */
  new?: Counter;
  /** Packets that were tracked already, or are not to be; 0 or absent since Linux 5.9. */
  ignore?: Counter;
  /** Flows that ended; 0 or absent since Linux 4.9. */
  delete?: Counter;
  /** Flows put on the list of the dying; 0 or absent since Linux 4.9. */
  delete_list?: Counter;
}

/** The counters of one CPU. */
export interface CpuStatistics {
  /**
   * Number of the CPU. /proc does not tell it: there it is the place of the line.
   * @asType integer
   */
  cpu: number;
  counters: TrackingCounters;
  /** Figures of names that ctsync does not know, as `name=figure`, such as `(null)=0`. */
  extra?: string[];
}

/** `conntrack -S`, with `conntrack -S expect`, or /proc/net/stat/nf_conntrack (formats.md §6, §7). */
export interface ConntrackStatistics {
  /** Where the figures come from: ctnetlink by way of conntrack, or /proc, where conntrack may or can not be run. */
  read_from: 'netlink' | 'proc';
  /** Sums over all CPUs, exact. Only meaningful as long as no CPU's counter has wrapped. */
  total: TrackingCounters;
  cpus: CpuStatistics[];
  /** Flows in the table; every line of /proc repeats it, and it is no counter. Absent from netlink. */
  entries?: Counter;
  /** Lines that ctsync does not know, as printed. */
  extra?: string[];
}
