/** What can be different between two labs. The defaults are the pair of DESIGN.md: FTFW over one multicast link. */
export interface LabOptions {
  mode?: 'ftfw' | 'notrack' | 'alarm';
  transport?: 'multicast' | 'udp' | 'tcp';
  /** Dedicated links: eth0, or eth0 and eth3. */
  links?: 1 | 2;
  /** Expectations of all helpers, or of the named ones. */
  expectationSync?: boolean | readonly string[];
  /** NOTRACK only. */
  disableInternalCache?: boolean;
  /** FTFW and NOTRACK only. */
  disableExternalCache?: boolean;
  /** FTFW and NOTRACK only. */
  startupResync?: boolean;
  /** Sync groups: r1 is to be master of the first, r2 of the second (active/active). */
  groups?: 1 | 2;
  /**
   * What conntrackd's filter lets through: all protocols that it knows, without the pair's own messages (`pair`); TCP, UDP
   * and ICMP, as the documentation of VyOS has it (`vyos`), or without every address of the firewalls, as the manual of
   * conntrack-tools has it (`manual`).
   */
  filter?: 'pair' | 'vyos' | 'manual';
  /** What keepalived calls at a transition: the lab's own script, or the one that ctsync ships. */
  hook?: 'lab' | 'ctsync';
  /** Without keepalived no router has the virtual addresses and there is no failover; a quicker start for tests of one daemon. */
  keepalived?: boolean;
}

export type LabSettings = Required<LabOptions>;

export const DEFAULTS: LabSettings = {
  mode: 'ftfw',
  transport: 'multicast',
  links: 1,
  expectationSync: true,
  disableInternalCache: false,
  disableExternalCache: false,
  startupResync: false,
  groups: 1,
  filter: 'pair',
  hook: 'lab',
  keepalived: true,
};
