import type { ConntrackdConf, LinkConf } from '../../model/conntrackd-conf.js';
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
  const configured: readonly LinkConf[] = links.length === printed.length ? links : [];
  const isPlausible = ({ device }: DedicatedLink): boolean =>
    device !== undefined &&
    isInterfaceName(device) &&
    printed.filter((link) => link.device === device).length === 1 &&
    (existing === undefined || existing.includes(device));
  return printed.map((link, i) => {
    const written = configured[i]?.interface;
    const name = configured[i]?.device ?? written;
    if (isPlausible(link))
      return written === undefined || name === link.device ? link : { ...link, configured_device: written };
    const device = name ?? link.device;
    const missing = existing !== undefined && (device === undefined || !existing.includes(device));
    return { ...link, ...(device === undefined ? {} : { device }), ...(missing ? { interface_missing: true } : {}) };
  });
}

/**
 * A configuration that knows the kernel's own names of its links' interfaces. conntrackd takes any name of an interface, and
 * prints the kernel's own.
 *
 * @param altnames the kernel's own name by each other one; absent where they are not known
 */
export function withDevices(conf: ConntrackdConf, altnames: ReadonlyMap<string, string> | undefined): ConntrackdConf {
  if (!conf.sync || altnames === undefined) return conf;
  const links = conf.sync.links.map((link) => {
    const device = link.interface === undefined ? undefined : altnames.get(link.interface);
    return device === undefined ? link : { ...link, device };
  });
  return { ...conf, sync: { ...conf.sync, links } };
}

/** What Linux takes for a name, as far as anybody uses it. */
function isInterfaceName(name: string): boolean {
  return /^[!-.0-~]{1,15}$/.test(name);
}
