/** The five network namespaces of a lab. `net` holds nothing but the two bridges. */
export type Node = 'client' | 'server' | 'r1' | 'r2' | 'net';

/** The two nodes of the firewall pair. */
export type RouterName = 'r1' | 'r2';

export const NODES: readonly Node[] = ['net', 'client', 'server', 'r1', 'r2'];
export const ROUTERS: readonly RouterName[] = ['r1', 'r2'];

/** The router that is not this one. */
export function peerOf(router: RouterName): RouterName {
  return router === 'r1' ? 'r2' : 'r1';
}

/** Host part of a router's own addresses: the virtual addresses end in 1, r1's in 2, r2's in 3. */
const HOST: Record<RouterName, number> = { r1: 2, r2: 3 };

/** One of the two networks that the pair connects. */
export interface Network {
  /** The routers' interface in it. */
  device: string;
  bridge: string;
  ipv4: { network: string; virtual: string; router: (name: RouterName) => string };
  ipv6: { network: string; virtual: string; router: (name: RouterName) => string };
}

export const LAN: Network = {
  device: 'eth1',
  bridge: 'br-lan',
  ipv4: { network: '10.35.100.0/24', virtual: '10.35.100.1', router: (name) => `10.35.100.${String(HOST[name])}` },
  ipv6: { network: 'fd35:100::/64', virtual: 'fd35:100::1', router: (name) => `fd35:100::${String(HOST[name])}` },
};

export const WAN: Network = {
  device: 'eth2',
  bridge: 'br-wan',
  ipv4: { network: '172.31.20.0/24', virtual: '172.31.20.1', router: (name) => `172.31.20.${String(HOST[name])}` },
  ipv6: { network: 'fd31:20::/64', virtual: 'fd31:20::1', router: (name) => `fd31:20::${String(HOST[name])}` },
};

/** Where traffic starts. What the source address decides is in the routers' rule set (network.ts). */
export const CLIENT = {
  /** Routed without translation. */
  ipv4: '10.35.100.87',
  ipv6: 'fd35:100::87',
  /** Leaves with the WAN's virtual address: source NAT that survives a failover. */
  snat: '10.35.100.101',
  /** Leaves with the address of the router's own interface. */
  masqueraded: '10.35.100.102',
};

export const SERVER = {
  ipv4: '172.31.20.12',
  ipv6: 'fd31:20::12',
  /** An address in the WAN that nobody has: a connection to it stays in SYN_SENT. */
  nobody: '172.31.20.99',
};

/** What the client offers to the WAN by destination NAT: `172.31.20.1:8080` is `10.35.100.87:80`. */
export const FORWARDED = { outside: 8080, inside: 80 };

/** Ports on which the traffic programs answer by sending back what they got. */
export const ECHO = { tcp: [22, 80, 443, 5001], udp: [53, 123, 694, 5001] };

/** A dedicated link between the routers. */
export interface DedicatedLinkPlan {
  device: string;
  group: number;
  address: (name: RouterName) => string;
}

/** The dedicated links in order of preference; a lab has the first one or both. */
export const DEDICATED_LINKS: readonly DedicatedLinkPlan[] = [
  { device: 'eth0', group: 3780, address: (name) => `10.255.254.${String(HOST[name])}` },
  { device: 'eth3', group: 3781, address: (name) => `10.255.253.${String(HOST[name])}` },
];

export const SYNC_GROUP = 'GEFOEKOM';

/** Virtual addresses that one VRRP instance holds in one network. */
export interface InstancePlan {
  name: string;
  virtualRouterId: number;
  network: Network;
  ipv4: string;
  ipv6: string;
}

/** What fails over together. */
export interface SyncGroupPlan {
  name: string;
  /** The router that is to be its master. */
  preferred: RouterName;
  instances: readonly InstancePlan[];
}

/** A lab has the first one or both. */
export const SYNC_GROUPS: readonly [SyncGroupPlan, SyncGroupPlan] = [
  {
    name: SYNC_GROUP,
    preferred: 'r1',
    instances: [
      { name: 'LAN', virtualRouterId: 51, network: LAN, ipv4: LAN.ipv4.virtual, ipv6: LAN.ipv6.virtual },
      { name: 'WAN', virtualRouterId: 52, network: WAN, ipv4: WAN.ipv4.virtual, ipv6: WAN.ipv6.virtual },
    ],
  },
  {
    name: 'PARTNERS',
    preferred: 'r2',
    instances: [
      { name: 'LAN_PARTNERS', virtualRouterId: 53, network: LAN, ipv4: '10.35.100.4', ipv6: 'fd35:100::4' },
      { name: 'WAN_PARTNERS', virtualRouterId: 54, network: WAN, ipv4: '172.31.20.4', ipv6: 'fd31:20::4' },
    ],
  },
];

/** Whose traffic goes through the master of the second sync group, there and back. */
export const PARTNERS = {
  client: { ipv4: '10.35.100.88', ipv6: 'fd35:100::88' },
  server: { ipv4: '172.31.20.13', ipv6: 'fd31:20::13' },
};
