/** Something in a conntrackd configuration that the daemon accepts but ignores, changes or warns about. */
export interface ConfWarning {
  /**
   * Line of the file, from 1; absent where the warning is about the whole file.
   * @asType integer
   */
  line?: number;
  /** What about it, in words. */
  message: string;
}

/** Facilities that conntrackd knows in `Syslog`. */
export type SyslogFacility =
  'daemon' | 'local0' | 'local1' | 'local2' | 'local3' | 'local4' | 'local5' | 'local6' | 'local7';

/** Whether a filter lets through only what it names, or all but what it names. */
export type FilterPolicy = 'accept' | 'ignore';

/** An address or network of `Filter { Address … }`. */
export interface FilterAddress {
  family: 'ipv4' | 'ipv6';
  /** Address as written. */
  address: string;
  /**
   * Absent for a single address.
   * @asType integer
   */
  prefix_length?: number;
}

/**
 * `General { Filter … }`: which events conntrackd takes. A part that is written more than once is one list under the
 * policy written last.
 */
export interface EventFilter {
  /** `Filter From …`; absent where `From` is not written, which means user space. */
  from?: 'userspace' | 'kernelspace';
  protocols?: { policy: FilterPolicy; names: string[] };
  addresses?: { policy: FilterPolicy; addresses: FilterAddress[] };
  /** TCP states, in the words of the file. */
  states?: { policy: FilterPolicy; names: string[] };
}

/** `General { … }`. Sizes are in objects, or in bytes where their name says buffer. What is not written is absent. */
export interface GeneralConf {
  /** @asType integer */
  hash_size?: number;
  /** @asType integer */
  hash_limit?: number;
  /** A path, or whether the daemon's default log file is written. */
  log_file?: boolean | string;
  /** A facility, or whether the default facility is used. */
  syslog?: boolean | SyslogFacility;
  lock_file?: string;
  /** Path of the control socket; without it no request can reach the daemon. */
  unix_path?: string;
  /** @asType integer */
  netlink_buffer_size?: number;
  /** @asType integer */
  netlink_buffer_size_max_growth?: number;
  /** @asType integer */
  event_iteration_limit?: number;
  /**
   * Seconds between two dumps of the kernel table, in place of events.
   * @asType integer
   */
  poll_seconds?: number;
  /** Seconds after which the daemon resynchronises when it lost events, or whether it does at all. */
  netlink_overrun_resync?: boolean | number;
  netlink_events_reliable?: boolean;
  scheduler?: {
    type?: 'rr' | 'fifo';
    /** @asType integer */
    priority?: number;
  };
  systemd?: boolean;
  filter?: EventFilter;
}

/** How changes travel between the nodes. */
export type SyncMode = 'ftfw' | 'notrack' | 'alarm';

/** One dedicated link of `Sync`. What is not written is absent. */
export interface LinkConf {
  transport: 'multicast' | 'udp' | 'tcp';
  /** Whether the link is marked `Default`: it is then the first one in use. */
  default: boolean;
  /** Interface name as written. */
  interface?: string;
  /** The kernel's own name of that interface, where another of its names is written; only where the host was asked. */
  device?: string;
  /** Multicast: the group's address. UDP and TCP: the address this node listens on. */
  address?: string;
  /** Multicast only: IPv4 address of this node on the link. */
  interface_address?: string;
  /** UDP and TCP only: the other node's address. */
  destination_address?: string;
  /**
   * UDP and TCP only.
   * @asType integer
   */
  port?: number;
  /**
   * Multicast only: what the file calls `Group`, the UDP port of the multicast group.
   * @asType integer
   */
  group?: number;
  /** @asType integer */
  send_buffer_size?: number;
  /** @asType integer */
  receive_buffer_size?: number;
  checksum?: boolean;
  /**
   * TCP only.
   * @asType integer
   */
  error_queue_length?: number;
}

/** `Sync { … }`. Times are in seconds. What is not written is absent. */
export interface SyncConf {
  /** Absent where no `Mode` is written: the daemon then takes FTFW. */
  mode?: SyncMode;
  /**
   * Objects.
   * @asType integer
   */
  resend_queue_size?: number;
  /**
   * Objects.
   * @asType integer
   */
  ack_window_size?: number;
  /** @asType integer */
  commit_timeout?: number;
  /** @asType integer */
  purge_timeout?: number;
  /** @asType integer */
  refresh_time?: number;
  /** @asType integer */
  cache_timeout?: number;
  disable_internal_cache?: boolean;
  disable_external_cache?: boolean;
  startup_resync?: boolean;
  links: LinkConf[];
  tcp_window_tracking?: boolean;
  /** Whether expectations are synchronised, or only those of the helpers named. */
  expectation_sync?: boolean | string[];
}

/** `Stats { … }`: the daemon keeps a log of ended flows and synchronises nothing. */
export interface StatsConf {
  /** A path, or whether the default file is written. */
  log_file?: boolean | string;
  /** A facility, or whether the default facility is used. */
  syslog?: boolean | SyslogFacility;
}

/** `Type NAME FAMILY TRANSPORT { … }` of `Helper`. */
export interface UserspaceHelperConf {
  name: string;
  family: 'inet' | 'inet6';
  transport: 'tcp' | 'udp';
  /** @asType integer */
  queue_number?: number;
  /** @asType integer */
  queue_length?: number;
  policies: HelperPolicyConf[];
}

/** `Policy NAME { … }` of a user-space helper. */
export interface HelperPolicyConf {
  name: string;
  /** @asType integer */
  expect_max?: number;
  /**
   * Seconds.
   * @asType integer
   */
  expect_timeout?: number;
}

/** `Helper { … }`: helpers that run inside conntrackd. */
export interface HelperConf {
  setup?: boolean;
  types: UserspaceHelperConf[];
}

/**
 * A conntrackd configuration as written (formats.md §12). Blocks and values that the file does not have are absent: the
 * daemon's defaults are in formats.md §12. At most one of `sync` and `stats` is there.
 */
export interface ConntrackdConf {
  general: GeneralConf;
  sync?: SyncConf;
  stats?: StatsConf;
  helper?: HelperConf;
  /** In the order of the file, those about the whole file last. */
  warnings: ConfWarning[];
}
