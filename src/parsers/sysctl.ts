/** A setting of connection tracking as `sysctl -a` prints it. The last line counts only with its end: it may be half a number. */
const SETTING = /^net\.netfilter\.(nf_conntrack_\w+) = (\d{1,19})$/;

/**
 * The settings and counts of connection tracking out of `sysctl -a`, by the names of their files below
 * `/proc/sys/net/netfilter`, as they are written: decimal. One that is there twice with different values is left out: nobody
 * knows which of them is right.
 */
export function parseTrackingSysctls(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  const doubtful = new Set<string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const [, name, value] = SETTING.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    if ((settings.get(name) ?? value) !== value) doubtful.add(name);
    settings.set(name, value);
  }
  for (const name of doubtful) settings.delete(name);
  return settings;
}
