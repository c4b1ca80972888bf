import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { DedicatedLink } from '../../model/link.js';

/**
 * The dedicated links by their names, and whether their interfaces exist. The daemon knows the interfaces that it uses,
 * and its configuration may have been edited since it was started. But for a deleted interface it prints memory that it
 * never wrote: any bytes, or the name of another link (formats.md §14). Such a link gets its name from the configuration,
 * in whose order the daemon lists its links.
 *
 * @param existing names of the interfaces that there are; absent where they are not known
 */
export function namedLinks(
  printed: readonly DedicatedLink[],
  conf: ConntrackdConf | undefined,
  existing: readonly string[] | undefined,
): DedicatedLink[] {
  const links = conf?.sync?.links ?? [];
  // Where the numbers differ, no printed link can be told to be this or that one of the configuration.
  const configured = links.length === printed.length ? links.map((link) => link.interface) : [];
  const isPlausible = ({ device }: DedicatedLink): boolean =>
    device !== undefined &&
    isInterfaceName(device) &&
    printed.filter((link) => link.device === device).length === 1 &&
    (existing === undefined || existing.includes(device));
  return printed.map((link, i) => {
    const name = configured[i];
    if (isPlausible(link))
      return name === undefined || name === link.device ? link : { ...link, configured_device: name };
    const device = name ?? link.device;
    const missing = existing !== undefined && (device === undefined || !existing.includes(device));
    return { ...link, ...(device === undefined ? {} : { device }), ...(missing ? { interface_missing: true } : {}) };
  });
}

/** What Linux takes for a name, as far as anybody uses it. */
function isInterfaceName(name: string): boolean {
  return /^[!-.0-~]{1,15}$/.test(name);
}
