import type { InterfaceAddress } from '../../model/ip-address.js';

/** What of the machine goes into conntrackd.conf beside the statements. */
export interface RenderSurroundings {
  /** Buckets of the kernel's table (`/sys/module/nf_conntrack/parameters/hashsize`). */
  hashSize: number;
  /** Flows that the kernel's table may hold (`nf_conntrack_max`). */
  tableLimit: number;
  /** Paths of the daemon's control socket and of its lock file. */
  socket: string;
  lock: string;
  /** The addresses of this node. */
  addresses: readonly InterfaceAddress[];
}

/** The address by which a node sends to an IPv4 group on an interface: the first one there, as VyOS has it. */
export function ownIpv4(device: string, addresses: readonly InterfaceAddress[]): string | undefined {
  return addresses.find((each) => each.interface === device && each.family === 'ipv4')?.address;
}
