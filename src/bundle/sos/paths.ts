/** What of a report is read: a large one holds ten thousands of files that say nothing of connection tracking. */
const NEEDED: readonly RegExp[] = [
  /^etc\/conntrackd\/conntrackd\.conf$/,
  /^etc\/keepalived\/keepalived\.conf$/,
  /^proc\/(?:[^/]+\/)?net\/(?:nf_conntrack(?:_expect)?|stat\/nf_conntrack|udp6?)$/,
  /^sos_(?:commands|strings)\/(?:conntrackd?|date|host|kernel|networking(?:\/namespaces\/[^/]+)?)\/(?:ip_netns_exec_.+_)?(?:conntrack_-[A-Z].*|conntrackd_-s_.*|sysctl_-a|uname_-a|hostname|date(?:_--utc)?)(?:\.tailed)?$/,
];

/** Links between folders that files which are needed lie behind. */
const FOLDERS: readonly string[] = ['proc/net', 'proc/self', 'proc/thread-self'];

/** Files that lie behind {@link FOLDERS}, whose own names nothing tells. */
export const BEHIND_LINKS: readonly string[] = [
  'proc/net/nf_conntrack',
  'proc/net/nf_conntrack_expect',
  'proc/net/stat/nf_conntrack',
  'proc/net/udp',
  'proc/net/udp6',
];

/** Whether a file of a report is read. */
export function isNeeded(path: string): boolean {
  return NEEDED.some((pattern) => pattern.test(path));
}

/** Whether a link may lead to what is needed. */
export function mayLead(path: string): boolean {
  return isNeeded(path) || FOLDERS.includes(path);
}

/** The most links that one after the other are followed, as in Linux. */
const MOST_LINKS = 40;

/**
 * Where a path leads in a report once all links are followed. None leads out: an absolute one begins at the top of the report,
 * where the files of the host stand, too. Undefined where one goes up from there, or in circles.
 *
 * @param linkAt where the link at a path leads, on whose way there is no further link; undefined where there is none
 */
export function resolvedInside(path: string, linkAt: (path: string) => string | undefined): string | undefined {
  const left = path.split('/');
  let reached: string[] = [];
  for (let links = 0; left.length > 0;) {
    const part = left.shift()!;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (reached.pop() === undefined) return undefined;
      continue;
    }
    const target = linkAt([...reached, part].join('/'));
    if (target === undefined) {
      reached.push(part);
      continue;
    }
    if (++links > MOST_LINKS) return undefined;
    if (target.startsWith('/')) reached = [];
    left.unshift(...target.split('/'));
  }
  return reached.length === 0 ? undefined : reached.join('/');
}
