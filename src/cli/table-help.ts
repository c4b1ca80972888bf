/**
 * What the help of the three flow table commands says.
 *
 * @param runs the conntrack commands that are run, in words
 */
export function tableDescription(runs: string): string {
  return `Runs ${runs} and shows each flow as it comes, however many there are. The filter flags have to match together; what conntrack can filter itself is left to it, and --explain says what. The language of --filter is described in docs/filter.md.

Needs root or CAP_NET_ADMIN; where you have neither, the same command is tried through "sudo -n". The table is complete only if conntrack ended well and its own count equals the flows read: the last line says so, and the exit code is 4 if not.`;
}

/** @param network one of the family that is shown, such as `10.0.0.0/8` */
export function tableExamples(network: string): string[] {
  return [
    '<%= config.bin %> <%= command.id %>',
    `<%= config.bin %> <%= command.id %> --source ${network} --port 443 --unreplied`,
    "<%= config.bin %> <%= command.id %> --filter 'bytes gt 10M and not state established' --sort=-bytes --limit 20 --wide",
    "<%= config.bin %> <%= command.id %> --protocol tcp --json | jq '.summary.shown'",
    '<%= config.bin %> <%= command.id %> --from captured-table.txt --count',
  ];
}
