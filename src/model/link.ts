import type { LinkTraffic } from './statistics.js';

/** One dedicated link of conntrackd's `-s link` page (formats.md §10). */
export interface DedicatedLink {
  transport: 'multicast' | 'udp' | 'tcp';
  /**
   * Interface name. After the interface was deleted the daemon prints uninitialised bytes here (formats.md §14), which
   * may be control characters or none at all: then it is absent.
   */
  device?: string;
  /**
   * Interface that the configuration now names for this link, where that is another one: it was edited after the daemon
   * was started. Only where the configuration was read.
   */
  configured_device?: string;
  /** The interface does not exist any more; only where it was looked for, live. Its state then means nothing. */
  interface_missing?: true;
  /** `RUNNING`, `NO-CARRIER` or `DOWN` as printed. */
  status: string;
  /** `ACTIVE` or `BACKUP` as printed. */
  role: string;
  sent: LinkTraffic;
  received: LinkTraffic;
}

/** conntrackd's `-s link` page: every configured dedicated link, in the daemon's order. */
export interface LinkPage {
  links: DedicatedLink[];
  /** Lines of the page that ctsync does not know, as printed. */
  extra?: string[];
}
