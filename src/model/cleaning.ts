/** How often what was replaced in texts; what was kept, such as a loopback address, is not counted. */
export interface CleaningCounts {
  /** IPv4 addresses, also those within an IPv6 address. */
  ipv4: number;
  ipv6: number;
  /** Hardware addresses. */
  mac: number;
  host_names: number;
  user_names: number;
  /** Passwords, communities, keys, and words too long to be looked through. */
  secrets: number;
}

/** Nothing replaced yet. */
export function noCounts(): CleaningCounts {
  return { ipv4: 0, ipv6: 0, mac: 0, host_names: 0, user_names: 0, secrets: 0 };
}
