/** What a tool of conntrack-tools has said, stdout and stderr apart. Every line has its end, as it had it. */
export interface Unmerged {
  stdout: string;
  stderr: string;
}

/** A line that conntrackd's client, conntrack or what starts them writes to stderr (formats.md §7, §8), summaries aside. */
const MESSAGE: readonly RegExp[] = [
  /^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d+\] \(pid=\d+\) \[\w+\] /,
  /^(?:ERROR: )?can't (?:connect: is conntrackd running|open config file)/i,
  /^(?:input in flex scanner failed|parsing config file in line)/,
  /^conntrackd?: command not found$|^(?:Try `conntrack -h'|timeout: )/,
  /^conntrack v[\w.]+ \(conntrack-tools\): (?!\d+ (?:flow entries|expectations) have been shown\.$)/,
  /^(?:setting the network namespace|Cannot open network namespace) "/,
];

/**
 * Takes apart what stands in one file (`2>&1`): messages are whole lines, since a tool writes them before anything else. The
 * summary of a dump is none; it may stand in the middle of a row, and belongs to who reads rows.
 */
export function unmerged(text: string): Unmerged {
  const lines = text.split(/(?<=\n)/);
  const isMessage = (line: string): boolean => MESSAGE.some((pattern) => pattern.test(line.replace(/\n$/, '')));
  return {
    stdout: lines.filter((line) => !isMessage(line)).join(''),
    stderr: lines.filter(isMessage).join(''),
  };
}
