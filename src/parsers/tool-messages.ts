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
  ['config-invalid', /parsing config file in line|Missing config filename/],
  ['config-invalid', /cannot use both `Stats' and `Sync'|cannot use `\w+' with other dedicated link protocols/],
  ['config-invalid', /(?:Path|path|Policy) is longer than \d+ characters|too many dedicated links/],
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

/**
 * How sudo says that it will not run a command. Not all that it says is a refusal: `unable to resolve host` is a warning,
 * behind which the command has run and may have failed by itself.
 */
const REFUSALS: readonly RegExp[] = [
  /^sudo(?:-rs)?: (?:a password is required|a terminal is required|interactive authentication is required)/m,
  /^sudo(?:-rs)?: (?:no tty present|sorry, you must have a tty|no askpass program)/m,
  /^sudo(?:-rs)?: (?:.*: command not found|unable to execute |no valid sudoers sources|error initializing|unable to initialize)/m,
  /^sudo(?:-rs)?: (?:The "no new privileges" flag is set|effective uid is not 0|.* must be owned by uid 0|.*authentication failure)/im,
  /^sudo(?:-rs)?: (?:account validation failure|PAM |I'm sorry |you do not exist|you are not permitted)/m,
  /is not allowed to (?:execute|run)|not in the sudoers file|may not run sudo|incorrect password attempt/m,
];

/** True where `sudo -n` itself refused: a password is wanted, or the rules don't allow the command. */
export function refusedBySudo(stderr: string): boolean {
  return REFUSALS.some((refusal) => refusal.test(stderr));
}

function withoutPrefix(line: string): string {
  return line.replace(PREFIX, '');
}
