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
  keepalived: true,
};
