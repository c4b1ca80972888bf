import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { DedicatedLink } from '../../model/link.js';

/**
 * The dedicated links with the names that the configuration gives them, and whether their interfaces exist. For a deleted
 * interface the daemon prints memory that it never wrote: any bytes, or the name of another link (formats.md §14). It
 * lists its links in the order of the configuration.
 *
 * @param existing names of the interfaces that there are; absent where they are not known
 */
export function namedLinks(
  printed: readonly DedicatedLink[],
  conf: ConntrackdConf | undefined,
  existing: readonly string[] | undefined,
): DedicatedLink[] {
  const configured = conf?.sync?.links ?? [];
  if (configured.length !== printed.length) return [...printed];
  return printed.map((link, i) => {
    const device = configured[i]?.interface;
    if (device === undefined) return link;
    const missing = existing !== undefined && !existing.includes(device);
    return { ...link, device, ...(missing ? { interface_missing: true as const } : {}) };
  });
}
