import { CHECK_CODES } from '../model/check.js';
import type { Failure } from '../model/failure.js';

/** What ctsync's exit status tells a script (the README's table). */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  incomplete: 4,
  no: 5,
  interrupted: 130,
  terminated: 143,
  hungUp: 129,
} as const;

/** Whether a signal is what we end with. */
export function isEnded(): boolean {
  return [EXIT.interrupted, EXIT.terminated, EXIT.hungUp].some((code) => code === process.exitCode);
}

/** What a check of a monitoring system ends with instead (the Monitoring Plugins guidelines). */
export const PLUGIN_EXIT = CHECK_CODES;

/** The same in words. */
export const EXIT_MEANINGS: [codes: string, meaning: string][] = [
  [`${EXIT.ok}`, 'done, and the answer is complete'],
  [`${EXIT.failed}`, 'the answer could not be had: tool missing, no permission, daemon down or hung'],
  [`${EXIT.usage}`, 'the command line is wrong'],
  [`${EXIT.incomplete}`, 'an answer was printed, but it is incomplete or partly unreadable'],
  [`${EXIT.no}`, 'the answer is no: --exists found no flow, or what is compared differs'],
  [`${EXIT.interrupted}, ${EXIT.terminated}`, 'ended by Ctrl-C or by SIGTERM (129: by the end of its terminal)'],
];

/** What an action ends with, in words. */
export const ACTION_MEANINGS: [codes: string, meaning: string][] = [
  [`${EXIT.ok}`, 'done, and each step is proved'],
  [`${EXIT.failed}`, 'refused, not confirmed or failed: nothing of it is done'],
  [`${EXIT.usage}`, 'the command line is wrong, or --yes is missing'],
  [`${EXIT.incomplete}`, 'done in part, or not known to be done; or done, and the report could not be written'],
  [
    `${EXIT.interrupted}, ${EXIT.terminated}`,
    'interrupted by Ctrl-C or SIGTERM (129: the terminal is gone): the report says what is done',
  ],
];

/** What a check ends with, in words. */
export const PLUGIN_MEANINGS: [codes: string, meaning: string][] = [
  [`${PLUGIN_EXIT.OK}`, 'OK'],
  [`${PLUGIN_EXIT.WARNING}`, 'WARNING: something is wrong, or a threshold of --warning is passed'],
  [`${PLUGIN_EXIT.CRITICAL}`, 'CRITICAL: flows are or would be lost, or a threshold of --critical is passed'],
  [`${PLUGIN_EXIT.UNKNOWN}`, 'UNKNOWN: all else; also after --help and --version'],
];

/** The exit code of a command that ended in a failure. */
export function exitCodeOf(failure: Failure): number {
  if (failure.code === 'USAGE') return EXIT.usage;
  if (failure.code === 'INTERRUPTED') return EXIT.interrupted;
  return EXIT.failed;
}
