/** Why conntrack or conntrackd's client gave up, told from what it wrote to stderr (formats.md §7, §8). */
export type Complaint =
  | { kind: 'permission'; text: string }
  | { kind: 'cannot-connect'; text: string }
  | { kind: 'config-unreadable'; text: string }
  | { kind: 'config-invalid'; text: string }
  | { kind: 'other'; text: string };

/** The prefix changed between versions, so messages are told by what they contain (formats.md §1). */
const KINDS: readonly (readonly [Complaint['kind'], RegExp])[] = [
  ['permission', /you must be root|CAP_NET_ADMIN|Operation not permitted|Permission denied/],
  ['cannot-connect', /can't connect: is conntrackd running/],
  ['config-unreadable', /can't open config file|input in flex scanner failed/],
  ['config-invalid', /parsing config file in line|cannot use both `Stats' and `Sync'|Missing config filename/],
];

const PREFIX = /^(?:\[[^\]]*\] \(pid=\d+\) \[\w+\] |conntrack v[\w.]+ \(conntrack-tools\): )/;
const WARNING = /^\[[^\]]*\] \(pid=\d+\) \[(?:warning|notice|info)\] /;
/** conntrack's advice under a complaint about its arguments (formats.md §7). */
const ADVICE = /^Try `conntrack -h'/;

/** The tool's complaint with its prefix gone, or undefined where it made none (warnings are none). */
export function complaintOf(stderr: string): Complaint | undefined {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !WARNING.test(line) && !ADVICE.test(line));
  for (const [kind, pattern] of KINDS) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line) return { kind, text: withoutPrefix(line) };
  }
  const last = lines.at(-1);
  return last === undefined ? undefined : { kind: 'other', text: withoutPrefix(last) };
}

/** The number of `N flow entries have been shown.`, conntrack's last word after a whole dump (formats.md §6). */
export function announcedFlows(stderr: string): number | undefined {
  const summary = /: (\d+) flow entries have been shown\./.exec(stderr);
  return summary ? Number(summary[1]) : undefined;
}

/** The number of `N expectations have been shown.`, as {@link announcedFlows}. */
export function announcedExpectations(stderr: string): number | undefined {
  const summary = /: (\d+) expectations have been shown\./.exec(stderr);
  return summary ? Number(summary[1]) : undefined;
}

/** True where `sudo -n` itself refused: a password is wanted, or the rules don't allow the command. */
export function refusedBySudo(stderr: string): boolean {
  return /^sudo: |^sudo-rs: |is not allowed to execute|not in the sudoers file|may not run sudo/m.test(stderr);
}

function withoutPrefix(line: string): string {
  return line.replace(PREFIX, '');
}
