/** `interface NAME …`: one dedicated link. */
export interface LinkStatements {
  name: string;
  /**
   * UDP port; absent where it is not set: 3780.
   * @asType integer
   */
  port?: number;
  /** The other node's address: the link is unicast UDP then, else multicast. */
  peer?: string;
  /** Statements of conntrackd.conf for the link's block that have no statement of their own. */
  pass_through?: string[];
}

/**
 * The statements of `service conntrack-sync`, by the words of each in snake_case. What is not set is absent, also where it has a
 * default. Lists are never empty; they are in one order, whichever they were set in, but for the links: the first is the one in use.
 */
export interface SyncConfiguration {
  accept_protocol?: string[];
  disable_external_cache?: true;
  disable_syslog?: true;
  /**
   * MiB.
   * @asType integer
   */
  event_listen_queue_size?: number;
  expect_sync?: string[];
  /** `failover-mechanism vrrp sync-group`: keepalived's sync group. */
  sync_group?: string;
  /** Helpers that run inside conntrackd. */
  helper?: string[];
  /** Addresses and networks, IPv4 first. */
  ignore_address?: string[];
  interface?: LinkStatements[];
  listen_address?: string[];
  mcast_group?: string;
  /** Statements of conntrackd.conf that have no statement of their own, by the block that they stand in. */
  pass_through_file?: string[];
  pass_through_filter?: string[];
  pass_through_general?: string[];
  pass_through_mode?: string[];
  pass_through_options?: string[];
  pass_through_sync?: string[];
  /**
   * Seconds.
   * @asType integer
   */
  purge_timeout?: number;
  startup_resync?: true;
  /**
   * MiB.
   * @asType integer
   */
  sync_queue_size?: number;
}
