import { LAN, SYNC_GROUP, WAN } from './plan.js';
import type { Network, RouterName } from './plan.js';

/**
 * The router's keepalived.conf, one statement a line as keepalived wants it: a sync group of two instances, each with its
 * IPv4 address and, as excluded from the advertisement (one family per instance), its IPv6 address.
 * r1 is preferred: it takes over again when it comes back.
 */
export function keepalivedConf(router: RouterName, hook: string): string {
  return `global_defs {
    router_id ${router}
    script_user root
    enable_script_security
    vrrp_version 3
    vrrp_priority -20
}

vrrp_sync_group ${SYNC_GROUP} {
    group {
        LAN
        WAN
    }
    notify_master "${hook} master ${SYNC_GROUP}"
    notify_backup "${hook} backup ${SYNC_GROUP}"
    notify_fault "${hook} fault ${SYNC_GROUP}"
}

${instance('LAN', 51, router, LAN)}
${instance('WAN', 52, router, WAN)}`;
}

// The short advertisement interval (VRRP version 3 allows it) makes a takeover without goodbye take 2 s instead of 4.
function instance(name: string, virtualRouterId: number, router: RouterName, network: Network): string {
  return `vrrp_instance ${name} {
    state ${router === 'r1' ? 'MASTER' : 'BACKUP'}
    interface ${network.device}
    virtual_router_id ${String(virtualRouterId)}
    priority ${router === 'r1' ? '200' : '100'}
    advert_int 0.5
    virtual_ipaddress {
        ${network.ipv4.virtual}/24
    }
    virtual_ipaddress_excluded {
        ${network.ipv6.virtual}/64
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
 * whole, then has conntrackd do what the state asks for (vyos.md §4). Each step's exit status goes to the hook's log.
 */
export function failoverHook(paths: HookPaths): string {
  return `#!/bin/sh
PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin

record() {
  printf '%s at %s\\n' "$1" "$(date -u +%Y-%m-%dT%H:%M:%S.%3NZ)" > '${paths.state}.new'
  mv '${paths.state}.new' '${paths.state}'
  printf '%s begins\\n' "$1" >> '${paths.log}'
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
  ;;
backup)
  state=BACKUP
  record "$state"
  daemon -t
  daemon -n
  ;;
fault)
  state=FAULT
  record "$state"
  daemon -t
  ;;
*)
  exit 1
  ;;
esac
printf '%s done\\n' "$state" >> '${paths.log}'
`;
}
