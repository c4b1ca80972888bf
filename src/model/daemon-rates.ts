/**
 * How much the counters of conntrackd's pages grew, for each second between two readings; the keys are those of the page.
 * Only counters are here, no sizes. A rate is absent where it is not known: the counter fell, or it belongs to another
 * link than before.
 */
export interface StatisticsRates {
  main?: TableRates;
  expect?: TableRates;
  network?: NetworkRates;
  cache?: CachePageRates;
  runtime?: RuntimeRates;
  link?: LinkPageRates;
  queue?: QueuePageRates;
}

/** Of the operations on a cache. */
export interface OperationRates {
  total?: number;
  failed?: number;
  no_memory?: number;
  no_space?: number;
  not_found?: number;
}

/** Of one cache, on either of the two pages that have caches. */
export interface CacheRates {
  name: string;
  created: OperationRates;
  updated: OperationRates;
  destroyed: OperationRates;
}

/** Of one direction of a dedicated link. */
export interface TrafficRates {
  bytes?: number;
  packets?: number;
  errors?: number;
}

/** Of a dedicated link. */
export interface LinkRates {
  /** As on the page. */
  device?: string;
  sent: TrafficRates;
  received: TrafficRates;
}

/** Of the general page. */
export interface TableRates {
  caches: CacheRates[];
  traffic_processed?: { bytes?: number; packets?: number };
  /** Absent where the active link is not the one that it was. */
  link?: LinkRates;
  messages?: { malformed?: number; lost?: number };
}

/** Of the `-s network` page. */
export interface NetworkRates {
  received: {
    malformed?: number;
    wrong_version?: number;
    malformed_header?: number;
    malformed_payload?: number;
    bad_type?: number;
    truncated?: number;
    bad_size?: number;
  };
  sent: { malformed?: number };
  sequence: { lost?: number; before?: number };
  /** Absent where the active link is not the one that it was. */
  link?: LinkRates;
}

/** Of the `-s cache` page. */
export interface CachePageRates {
  caches: CacheRates[];
}

/** Of the `-s runtime` page. */
export interface RuntimeRates {
  netlink: {
    events_received?: number;
    events_filtered?: number;
    events_unknown_type?: number;
    catch_event_failed?: number;
    dump_unknown_type?: number;
    overrun?: number;
    flush_kernel_table?: number;
    resync_with_kernel_table?: number;
  };
  runtime: {
    child_process_failed?: number;
    child_process_segfault?: number;
    child_process_termsig?: number;
    select_failed?: number;
    wait_failed?: number;
    local_read_failed?: number;
    local_unknown_request?: number;
  };
}

/** Of the `-s link` page: every link by itself, in the page's order. */
export interface LinkPageRates {
  links: LinkRates[];
}

/** Of the `-s queue` page. */
export interface QueuePageRates {
  queues: { name: string; no_space?: number }[];
}
