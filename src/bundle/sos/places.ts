/** Where conntrackd's configuration stands that `conntrackd` takes where nobody names another: sos names none. */
export const DAEMON_CONFIG = '/etc/conntrackd/conntrackd.conf';

export const KEEPALIVED_CONFIG = '/etc/keepalived/keepalived.conf';

/** Both families in one answer: sos asks for none. */
export const TABLE_WORDS = ['conntrack', '-L', '-o', 'extended'] as const;

export const SYSCTLS = '/proc/sys/net/netfilter';

/** What stands there only where connection tracking is loaded. */
export const LOADED = `${SYSCTLS}/nf_conntrack_max`;

/** The table in the kernel's own words, which says nowhere how many flows it has. */
export const PROC_TABLE = '/proc/net/nf_conntrack';
