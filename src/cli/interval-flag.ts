import * as Flags from '@oclif/core/flags';

const LONGEST_INTERVAL = 86_400;

/** The time between two readings, in seconds. */
export const intervalFlag = Flags.custom<number>({
  summary: 'read twice, so many seconds apart, and show rates',
  helpValue: 'SECONDS',
  parse: (input) => Promise.resolve(secondsOf(input)),
});

function secondsOf(input: string): number {
  const seconds = Number(input);
  if (!/^\d+(\.\d+)?$/.test(input) || seconds <= 0 || seconds > LONGEST_INTERVAL) {
    throw new Error(`--interval takes a number of seconds above 0, such as 5 or 0.5, not ${JSON.stringify(input)}`);
  }
  return seconds;
}
