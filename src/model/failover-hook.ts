/** The hook of one sync group. */
export interface GroupHook {
  sync_group: string;
  /** Whether every transition reaches conntrackd already: then there is nothing to add. */
  complete: boolean;
  /** The lines of the group's block, as keepalived wants them. */
  lines: string[];
}

/** How keepalived is made to call the failover hook. */
export interface FailoverHook {
  /** Path of the hook. */
  hook: string;
  /** keepalived's configuration that was read; absent where none was, since the groups were named. */
  keepalived_config?: string;
  /** Of keepalived.conf, or those that were named. */
  groups: GroupHook[];
  /** What else keepalived needs, in sentences. */
  notes: string[];
}
