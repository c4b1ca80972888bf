import * as Flags from '@oclif/core/flags';

const OUTPUT = 'OUTPUT';

/** The flags of a command that shows a log. */
export const logFlags = {
  since: Flags.string({
    summary: 'records from this time on: 10m, 2h, 1d, today, "2026-11-22 13:00", RFC 3339',
    helpValue: 'TIME',
  }),
  limit: Flags.custom<number | 'all'>({
    summary: 'the last so many records [default: 100; 10 with --follow; all with --since]',
    helpValue: 'N|all',
    parse: (input) => Promise.resolve(recordsOf(input)),
  })(),
  follow: Flags.boolean({
    char: 'f',
    summary: 'go on with what is logged, until Ctrl-C',
    exclusive: ['from', 'json'],
  }),
  stats: Flags.boolean({
    summary: 'the log of ended flows that conntrackd keeps in statistics mode',
  }),
  timezone: Flags.string({
    summary: "zone of the log's times, such as Europe/Vienna [default: that of this host's conntrackd]",
    helpValue: 'ZONE',
  }),
  format: Flags.option({
    summary: 'how to write the records',
    options: ['text', 'json', 'ndjson'] as const,
    helpGroup: OUTPUT,
    exclusive: ['json'],
  })(),
};

function recordsOf(input: string): number | 'all' {
  if (input === 'all') return input;
  const records = Number(input);
  if (/^\d{1,15}$/.test(input)) return records;
  throw new Error(`--limit takes a whole number, or all, not ${JSON.stringify(input)}`);
}
