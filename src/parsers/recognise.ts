/**
 * Openings by which the outputs of conntrack-tools can be told apart (formats.md §2 to §11), the most telling first.
 */
const OPENINGS: readonly (readonly [RegExp, string])[] = [
  [/^<\?xml[^>]*>\s*<conntrack>/, 'conntrack -L -o xml'],
  [/^<\?xml[^>]*>\s*<expect>/, 'conntrack -L expect -o xml'],
  [/^<flow>/, 'conntrackd -i -x or -e -x'],
  [/^-[AUD] -t \d+ /m, 'conntrack -L -o save'],
  [/^(?:\[\d+\.\d+\]\s)?\s*\[(?:NEW|UPDATE|DESTROY)\] /m, 'conntrack -E'],
  [/^cpu=\d+\s/m, 'conntrack -S'],
  [/^entries (?=.* found\b)/m, '/proc/net/stat/nf_conntrack'],
  [/^(?:net\.netfilter\.|\/proc\/sys\/net\/netfilter\/)nf_conntrack_count\b/m, 'sysctl net.netfilter'],
  // With or without the line end, and with that of another system.
  [/^\d+\s*$/, 'conntrack -C'],
  [/^proto=\d+ src=\S+ dst=\S+ .*\[active since -?\d+s\]$/m, 'conntrackd -i expect or -e expect'],
  [/^(?:\[\d+\.\d+ *\]\t)?(?:\d+ )?proto=\d+ src=\S+ dst=\S+ .*mask-src=/m, 'conntrack -L expect'],
  [/^daemon uptime: /m, 'conntrackd -s runtime'],
  [/^\w+ traffic device=.* role=\w+:$/m, 'conntrackd -s link'],
  [/^cache:\w+\s+active objects:/m, 'conntrackd -s cache'],
  [/^network statistics:$/m, 'conntrackd -s network'],
  [/^allocated queue nodes:/m, 'conntrackd -s queue'],
  [/^resent queue \(len=\d+\)/m, 'conntrackd -s rsqueue'],
  [/^PID=\d+ type=\w+$/m, 'conntrackd -s process'],
  [/^cache (?:internal|external|stats):$|^internal bypass:$|^external inject:$/m, 'conntrackd -s'],
  [/^Connection tracking userspace daemon v/m, "conntrackd's help or version"],
  // Only /proc names zone 0; it has no ids.
  [/^ipv[46]\s+\d+ \w+\s+\d+ .*\bsrc=.* zone=0 (?:delta-time=\d+ )?use=\d+\s*$/m, '/proc/net/nf_conntrack'],
  [/^ipv[46]\s+\d+ \w+\s+\d+ .*\bsrc=.* use=\d+(?: id=\d+)?/m, 'conntrack -L -o extended,id'],
  [/^\w+\s+\d+ .*\bsrc=.* src=.*\[active since -?\d+s\]$/m, 'conntrackd -i'],
  [/^\w+\s+\d+ .*\bsrc=.*\[active since -?\d+s\]$/m, 'conntrackd -e'],
  [/^\w+\s+\d+ .*\bsrc=.* use=\d+/m, 'conntrack -L'],
  [/^(?:\s*(?:Sync|General|Stats|Helper)\s*\{)/m, 'conntrackd.conf'],
  [/^\s*vrrp_(?:instance|sync_group)\s/m, 'keepalived.conf'],
];

/** The command whose output, or the file that, a text looks like; undefined where it is none that ctsync knows. */
export function recognise(text: string): string | undefined {
  return OPENINGS.find(([pattern]) => pattern.test(text))?.[1];
}
