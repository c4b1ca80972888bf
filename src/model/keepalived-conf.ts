/** One keyword of a keepalived configuration with its values, and its block where it has one. */
export interface KeepalivedStatement {
  /** First word of the line; empty where a block begins without one. */
  keyword: string;
  /** The other words, without the quotes around them. */
  values: string[];
  /** Statements between the braces; absent where there are none. */
  block?: KeepalivedStatement[];
  /** File in which the statement stands. */
  file: string;
  /**
   * Line of that file, from 1.
   * @asType integer
   */
  line: number;
}

/** A place in a keepalived configuration that could not be understood, or was left out. */
export interface KeepalivedWarning {
  file: string;
  /** @asType integer */
  line: number;
  /** What about it, in words. */
  message: string;
}

/** A file that an `include` line names. */
export interface IncludedFile {
  /** Path, for messages and for relative paths inside of it. */
  file: string;
  text: string;
}

/** A file, or a pattern of files, that an `include` line names and that was not read. */
export interface UnreadInclude {
  /** Path or pattern. */
  file: string;
  /** Half a sentence. */
  reason: string;
  /**
   * `skipped`: keepalived does not read it either. `unreadable`: keepalived, as root, may. `not captured`: keepalived may
   * have read it on the host that the capture is from.
   */
  why: 'skipped' | 'unreadable' | 'not captured';
}

/** A script that keepalived runs on a transition. */
export interface NotifyScript {
  /** Path and arguments as written. */
  command: string;
  /** User that runs it; absent where it is keepalived's `script_user`. */
  user?: string;
  /** Group that runs it; absent where it is that of the user. */
  group?: string;
}

/** Transitions for which keepalived has a `notify_…` line; `notify` is the script of every transition. */
export type NotifyEvent = 'master' | 'backup' | 'fault' | 'stop' | 'deleted' | 'master_rx_lower_pri' | 'notify';

/** The scripts of a sync group or an instance; where a line is written twice, keepalived runs the first. */
export type NotifyScripts = Partial<Record<NotifyEvent, NotifyScript>>;

/** `vrrp_sync_group NAME { … }`: instances that change their state together. */
export interface VrrpSyncGroup {
  name: string;
  /** Names of the instances. */
  members: string[];
  notify: NotifyScripts;
}

/** A sync group whose hook is not called at every transition, or with other words than it is to be called with. */
export interface FaultyHook {
  /** Its name. */
  sync_group: string;
  /** Transitions of which conntrackd is not told: their notify line is missing, or calls something else. */
  missing: ('master' | 'backup' | 'fault')[];
  /** Transitions whose line names another state or another group, or has its words outside of the quotes. */
  wrong: ('master' | 'backup' | 'fault' | 'stop')[];
}

/** An address that the master of an instance holds. */
export interface VirtualAddress {
  family: 'ipv4' | 'ipv6';
  /** As written. */
  address: string;
  /**
   * Absent where it is not written: keepalived then adds the address alone, as /32 or /128.
   * @asType integer
   */
  prefix_length?: number;
  /** Interface behind `dev`; absent where it is that of the instance. */
  interface?: string;
}

/** `vrrp_instance NAME { … }`. What is not written is absent. */
export interface VrrpInstance {
  name: string;
  interface?: string;
  /** @asType integer */
  virtual_router_id?: number;
  /** @asType integer */
  priority?: number;
  /** Initial state as written: `MASTER` or `BACKUP`. */
  state?: string;
  /** `virtual_ipaddress`: the addresses that are announced. */
  virtual_addresses: VirtualAddress[];
  /** `virtual_ipaddress_excluded`: held by the master too, but not announced. */
  excluded_addresses: VirtualAddress[];
  notify: NotifyScripts;
}

/** A keepalived configuration with its included files. */
export interface KeepalivedConf {
  statements: KeepalivedStatement[];
  vrrp_sync_groups: VrrpSyncGroup[];
  vrrp_instances: VrrpInstance[];
  warnings: KeepalivedWarning[];
  /** Files that keepalived may have read and we have not, each with the line that includes it. */
  unread: (UnreadInclude & { from: string; line: number })[];
}
