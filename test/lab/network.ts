import { must } from './run.js';
import { CLIENT, DEDICATED_LINKS, FORWARDED, LAN, NODES, PARTNERS, ROUTERS, SERVER, SYNC_GROUPS, WAN } from './plan.js';
import type { Network, Node, RouterName } from './plan.js';

/** Names of a lab's namespaces on the machine. */
export type Namespaces = Record<Node, string>;

export function namespacesOf(labId: string): Namespaces {
  return Object.fromEntries(NODES.map((node) => [node, `${labId}-${node}`])) as Namespaces;
}

/**
 * Creates the namespaces and everything in them: bridges, cables, rules, sysctls, addresses, routes. Each interface is made
 * inside its namespace, so nothing of the machine's own network changes.
 */
export async function buildNetwork(names: Namespaces): Promise<void> {
  for (const node of NODES) await must(['ip', 'netns', 'add', names[node]]);
  await inNamespace(names.net, `${FRESH}\n${bridge(LAN)}\n${bridge(WAN)}`);
  await must(['ip', '-batch', '-'], { input: cables(names).join('\n') });
  await inNamespace(names.net, NODES.flatMap(ports).join('\n'));
  for (const router of ROUTERS) await setUpRouter(names[router], router);
  await inNamespace(
    names.client,
    `${FRESH}\n${host(LAN, [CLIENT.ipv4, CLIENT.snat, CLIENT.masqueraded], CLIENT.ipv6)}`,
  );
  await inNamespace(names.server, `${FRESH}\n${host(WAN, [SERVER.ipv4], SERVER.ipv6)}`);
}

/** Lets the traffic of the partners go through the master of the second sync group, there and back. */
export async function routePartners(names: Namespaces): Promise<void> {
  const [, { instances }] = SYNC_GROUPS;
  const [lan, wan] = instances;
  if (lan === undefined || wan === undefined) throw new TypeError('the group has an instance in each network');
  const { client, server } = PARTNERS;
  await inNamespace(names.client, way(client, server, lan));
  await inNamespace(names.server, way(server, client, wan));
}

/** Gives a host an address more, from which it reaches another one by this instance's virtual address. */
function way(from: Ends, to: Ends, via: Ends): string {
  return `
ip addr add ${from.ipv4}/24 dev eth0
ip addr add ${from.ipv6}/64 dev eth0 nodad
ip route add ${to.ipv4}/32 via ${via.ipv4} src ${from.ipv4}
ip -6 route add ${to.ipv6}/128 via ${via.ipv6} dev eth0 src ${from.ipv6}`;
}

interface Ends {
  ipv4: string;
  ipv6: string;
}

/** Plugs the cable of a router's LAN or WAN interface in or out, at the bridge's end. */
export async function plug(
  names: Namespaces,
  router: RouterName,
  network: Network,
  state: 'up' | 'down',
): Promise<void> {
  await must(['ip', '-n', names.net, 'link', 'set', port(network, router), state]);
}

// IPv6 may be off in new namespaces (containers); duplicate address detection would hold every address back for a second.
const FRESH = `
ip link set lo up
for scope in all default; do
  ( echo 0 > /proc/sys/net/ipv6/conf/$scope/disable_ipv6
    echo 0 > /proc/sys/net/ipv6/conf/$scope/accept_dad
    echo 0 > /proc/sys/net/ipv6/conf/$scope/accept_ra ) 2> /dev/null || true
done`;

/** A bridge that forwards everything at once: no listening phase, no multicast snooping that would eat VRRP. */
function bridge(network: Network): string {
  return `ip link add ${network.bridge} type bridge forward_delay 0 stp_state 0 mcast_snooping 0
ip link set ${network.bridge} up`;
}

function port(network: Network, end: Node): string {
  return `${network === LAN ? 'lan' : 'wan'}-${end}`;
}

/** Puts a node's ends of its cables on the bridges. */
function ports(node: Node): string[] {
  const networks = node === 'client' ? [LAN] : node === 'server' ? [WAN] : node === 'net' ? [] : [LAN, WAN];
  return networks.map((network) => `ip link set ${port(network, node)} master ${network.bridge} up`);
}

function cables(names: Namespaces): string[] {
  const toBridge = (network: Network, node: Node, device: string): string[] => [
    `link add ${device} netns ${names[node]} type veth peer name ${port(network, node)} netns ${names.net}`,
  ];
  const between = DEDICATED_LINKS.map(
    ({ device }) => `link add ${device} netns ${names.r1} type veth peer name ${device} netns ${names.r2}`,
  );
  return [
    ...toBridge(LAN, 'client', 'eth0'),
    ...toBridge(WAN, 'server', 'eth0'),
    ...ROUTERS.flatMap((router) => [...toBridge(LAN, router, LAN.device), ...toBridge(WAN, router, WAN.device)]),
    ...between,
  ];
}

/** A host with the pair's virtual address as its default route. */
function host(network: Network, ipv4: readonly string[], ipv6: string): string {
  const [first = '', ...more] = ipv4;
  return `
ip addr add ${first}/24 dev eth0
${more.map((address) => `ip addr add ${address}/24 dev eth0`).join('\n')}
ip addr add ${ipv6}/64 dev eth0 nodad
ip link set eth0 up
ip route add default via ${network.ipv4.virtual} src ${first}
ip -6 route add default via ${network.ipv6.virtual} dev eth0`;
}

/**
 * The rules come first, because they switch connection tracking on, and accounting and timestamps before the first packet,
 * because a flow has them from its creation or never (formats.md §2). Flows in mid-stream are refused
 * (nf_conntrack_tcp_loose=0), so that a connection survives a failover only if its flow was really synchronised.
 */
async function setUpRouter(name: string, router: RouterName): Promise<void> {
  await must(['ip', 'netns', 'exec', name, 'nft', '-f', '-'], { input: RULES });
  const own = [
    ...[LAN, WAN].map(({ device, ipv4, ipv6 }) => ({ device, ipv4: ipv4.router(router), ipv6: ipv6.router(router) })),
    ...DEDICATED_LINKS.map(({ device, address }) => ({ device, ipv4: address(router), ipv6: undefined })),
  ];
  const interfaces = own.map(
    ({ device, ipv4, ipv6 }) => `ip addr add ${ipv4}/24 dev ${device}
${ipv6 === undefined ? '' : `ip addr add ${ipv6}/64 dev ${device} nodad`}
ip link set ${device} up`,
  );
  await inNamespace(name, `${FRESH}\n${SYSCTLS}\n${interfaces.join('\n')}`);
}

const SYSCTLS = `
set_to() { echo "$2" > "/proc/sys/net/$1"; }
set_to ipv4/ip_forward 1
set_to ipv6/conf/all/forwarding 1
set_to netfilter/nf_conntrack_acct 1
set_to netfilter/nf_conntrack_timestamp 1
set_to netfilter/nf_conntrack_tcp_be_liberal 1
set_to netfilter/nf_conntrack_tcp_loose 0
set_to netfilter/nf_conntrack_udp_timeout 120
set_to netfilter/nf_conntrack_icmp_timeout 120
set_to netfilter/nf_conntrack_icmpv6_timeout 120`;

const RULES = `
table inet lab {
  chain input {
    type filter hook input priority filter; policy accept;
    ct state invalid drop
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state established,related accept
    iifname "${LAN.device}" ct state new accept
    ct status dnat accept
  }
}
table ip lab_nat {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    ip daddr ${WAN.ipv4.virtual} tcp dport ${String(FORWARDED.outside)} dnat to ${CLIENT.ipv4}:${String(FORWARDED.inside)}
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${CLIENT.snat} oifname "${WAN.device}" snat to ${WAN.ipv4.virtual}
    ip saddr ${CLIENT.masqueraded} oifname "${WAN.device}" masquerade
  }
}
`;

async function inNamespace(name: string, script: string): Promise<void> {
  await must(['ip', 'netns', 'exec', name, 'sh', '-e', '-s'], { input: script });
}
