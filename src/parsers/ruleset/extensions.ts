/** Matches of iptables that look at the connection. */
export const MATCHES: ReadonlySet<string> = new Set([
  ...['cluster', 'connbytes', 'connlabel', 'connlimit', 'connmark', 'conntrack', 'helper', 'state'],
]);

/** Targets of iptables that change the connection, or need it. */
export const TARGETS: ReadonlySet<string> = new Set([
  ...['CLUSTERIP', 'CONNMARK', 'CONNSECMARK', 'CT', 'DNAT', 'FLOWOFFLOAD', 'MASQUERADE', 'NETMAP'],
  ...['REDIRECT', 'SNAT', 'SYNPROXY'],
]);
