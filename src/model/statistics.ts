import type { Counter } from './number.js';

/** A pair of running totals: what was done and what could not be done. */
export interface Operations {
  total: Counter;
  /** Absent where the page has no `failed` figure (`internal bypass`). */
  failed?: Counter;
}

/**
 * One cache block of conntrackd's general page (formats.md §10). `cache` keeps objects; `bypass` (DisableInternalCache)
 * and `inject` (DisableExternalCache) only count what passes, so they have no `active`.
 */
export interface CacheStatistics {
  /** `internal`, `external`, or `stats` in statistics mode. */
  name: string;
  kind: 'cache' | 'bypass' | 'inject';
  /** Objects in the cache now. */
  active?: Counter;
  created: Operations;
  updated: Operations;
  destroyed: Operations;
}

/** What passed over the dedicated link in one direction. */
export interface LinkTraffic {
  bytes: Counter;
  packets: Counter;
  errors: Counter;
}

/** The link block of the general page: the figures of the active link only. */
export interface ActiveLinkStatistics {
  transport: 'multicast' | 'udp' | 'tcp';
  /**
   * Interface name, control characters and all, of the link in use now; absent where the daemon prints none (its
   * interface was deleted).
   */
  device?: string;
  /** TCP only. */
  server?: 'connected' | 'disconnected';
  /** TCP only. */
  client?: 'connected' | 'disconnected';
  sent: LinkTraffic;
  received: LinkTraffic;
}

/** conntrackd's general page, `conntrackd -s` or `conntrackd -s expect`. A block that the page lacks is absent. */
export interface TableStatistics {
  caches: CacheStatistics[];
  /** Traffic of the flows destroyed so far; needs accounting in the kernel. */
  traffic_processed?: { bytes: Counter; packets: Counter };
  link?: ActiveLinkStatistics;
  messages?: { malformed: Counter; lost: Counter };
  /** Lines of the page that ctsync does not know, as printed. */
  extra?: string[];
}
