import * as Flags from '@oclif/core/flags';
import { pathOf } from './flags.js';

/** Well above the 10 seconds after which a silent daemon is called hung, which is CRITICAL; below, it is UNKNOWN. */
const USUAL_SECONDS = 30;

/** The flags that monitoring plugins have in common, and where counters are kept. */
export const checkFlags = {
  warning: Flags.string({
    char: 'w',
    summary: 'warn where a figure is outside of a range: lost_per_second=0; may be repeated',
    helpValue: 'METRIC=RANGE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  critical: Flags.string({
    char: 'c',
    summary: 'the same, critical',
    helpValue: 'METRIC=RANGE',
    multiple: true,
    multipleNonGreedy: true,
  }),
  timeout: Flags.custom<number>({
    char: 't',
    summary: 'seconds until the check gives up: UNKNOWN then, not CRITICAL; a hung daemon takes 10 to be called one',
    helpValue: 'SECONDS',
    default: USUAL_SECONDS,
    parse: (input) => Promise.resolve(secondsOf(input)),
  })(),
  'state-file': Flags.string({
    summary: 'keep the counters here, and tell rates since the last run instead of taking two samples',
    helpValue: 'FILE',
    exclusive: ['from'],
    parse: pathOf('--state-file'),
  }),
  version: Flags.boolean({
    char: 'V',
    summary: 'show the version only; ends with exit code 3, as plugins do',
    helpGroup: 'GLOBAL',
    exclusive: ['json'],
  }),
};

const LONGEST_SECONDS = 86_400;

function secondsOf(input: string): number {
  const seconds = Number(input);
  if (/^\d+(\.\d+)?$/.test(input) && seconds > 0 && seconds <= LONGEST_SECONDS) return seconds;
  throw new Error(`--timeout takes a number of seconds above 0, such as 30, not ${JSON.stringify(input)}`);
}
