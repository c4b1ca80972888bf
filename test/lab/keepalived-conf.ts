import type { InstancePlan, RouterName, SyncGroupPlan } from './plan.js';

/** The script that keepalived calls for the group, and at which transitions. */
export interface Notify {
  states: readonly string[];
  command: (state: string, group: string) => string;
}

/**
 * The router's keepalived.conf, one statement a line as keepalived wants it: sync groups of two instances, each with its
 * IPv4 address and, as excluded from the advertisement (one family per instance), its IPv6 address.
 * The preferred router of a group takes over again when it comes back.
 */
export function keepalivedConf(router: RouterName, groups: readonly SyncGroupPlan[], notify: Notify): string {
  return `global_defs {
    router_id ${router}
    script_user root
    enable_script_security
    vrrp_version 3
    vrrp_priority -20
}

${groups.map((group) => syncGroup(group, router, notify)).join('\n')}`;
}

function syncGroup({ name, preferred, instances }: SyncGroupPlan, router: RouterName, notify: Notify): string {
  return `vrrp_sync_group ${name} {
    group {
${instances.map((each) => `        ${each.name}`).join('\n')}
    }
${notify.states.map((state) => `    notify_${state} "${notify.command(state, name)}"`).join('\n')}
}

${instances.map((each) => instance(each, router === preferred)).join('\n')}`;
}

// The short advertisement interval (VRRP version 3 allows it) makes a takeover without goodbye take 2 s instead of 4.
function instance({ name, virtualRouterId, network, ipv4, ipv6 }: InstancePlan, preferred: boolean): string {
  return `vrrp_instance ${name} {
    state ${preferred ? 'MASTER' : 'BACKUP'}
    interface ${network.device}
    virtual_router_id ${String(virtualRouterId)}
    priority ${preferred ? '200' : '100'}
    advert_int 0.5
    virtual_ipaddress {
        ${ipv4}/24
    }
    virtual_ipaddress_excluded {
        ${ipv6}/64
    }
}
`;
}

/** Files that the hook needs to know. */
export interface HookPaths {
  daemonConf: string;
  state: string;
  log: string;
}

/**
 * What keepalived calls at a transition: records the new state first, as one line `STATE at TIME` that is replaced as a
 * whole, then has conntrackd do what the state asks for (vyos.md §4). Each step's exit status goes to the hook's log. The
 * record is one for all groups, and tells of the last transition alone.
 *
 * Where a node has two groups, `-t` would flush the kernel's table a minute later, also of the flows of the group that it is
 * master of, and `-f` empties the external cache, also of those that it is backup of: the one is left out then, and the
 * other made good by a resync.
 */
export function failoverHook(paths: HookPaths): string {
  return `#!/bin/sh
PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin

group=$2

record() {
  printf '%s at %s\\n' "$1" "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" > '${paths.state}.new'
  mv '${paths.state}.new' '${paths.state}'
  echo "$1" > '${paths.state}-of-'"$group"
  printf '%s of %s begins\\n' "$1" "$group" >> '${paths.log}'
}

others_are() {
  for file in '${paths.state}'-of-*; do
    test "$file" = '${paths.state}-of-'"$group" || if grep -q "$1" "$file"; then return 0; fi
  done
  return 1
}

daemon() {
  conntrackd -C '${paths.daemonConf}' "$@" > /dev/null 2>&1
  printf '%s conntrackd %s: %s\\n' "$state" "$*" "$?" >> '${paths.log}'
}

case "$1" in
master)
  state=MASTER
  record "$state"
  daemon -c
  daemon -f
  daemon -R
  daemon -B
  if others_are BACKUP; then daemon -n; fi
  ;;
backup)
  state=BACKUP
  record "$state"
  others_are MASTER || daemon -t
  daemon -n
  ;;
fault)
  state=FAULT
  record "$state"
  others_are MASTER || daemon -t
  ;;
*)
  exit 1
  ;;
esac
printf '%s of %s done\\n' "$state" "$group" >> '${paths.log}'
`;
}
