/**
 * What the help of the commands for the two caches says.
 *
 * @param runs the conntrackd command that is run, and what its rows are, in words
 */
export function cacheDescription(runs: string): string {
  return `${runs} CACHED FOR is the age of the object in the cache, which a resync or a bulk update resets, not the age of the flow.

conntrackd says neither how many flows it dumped nor whether the dump was cut short, so its counters are read before and after: the last line says whether the table is complete, and the exit code is 4 if not.

The filter flags have to match together; conntrackd gives a cache as a whole, so ctsync does all of that. What a cache does not tell (docs/filter.md) can be neither filtered nor sorted by. "expect" shows the expectations in the cache, and takes none of the flags for flows.`;
}

/** @param filter an expression that the cache has an answer to */
export function cacheExamples(filter: string): string[] {
  return [
    '<%= config.bin %> <%= command.id %>',
    `<%= config.bin %> <%= command.id %> --filter '${filter}' --count`,
    '<%= config.bin %> <%= command.id %> --destination 172.16.0.0/12 --sort src --limit 20 --wide',
    "<%= config.bin %> <%= command.id %> --json | jq '.summary.shown'",
    '<%= config.bin %> <%= command.id %> expect',
    '<%= config.bin %> <%= command.id %> --from captured-cache.txt',
  ];
}
