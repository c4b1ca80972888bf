import type { Failure } from '../model/failure.js';

/** What ctsync's exit status tells a script (the README's table). */
export const EXIT = {
  /** Done, and the answer is complete. */
  ok: 0,
  /** The answer could not be had. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** An answer was printed but it is incomplete or partly unreadable. */
  incomplete: 4,
  /** The answer is no: no flow matches, two sides differ. */
  no: 5,
  /** Ended by Ctrl-C. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

/** The exit code of a command that ended in a failure. */
export function exitCodeOf(failure: Failure): number {
  if (failure.code === 'USAGE') return EXIT.usage;
  if (failure.code === 'INTERRUPTED') return EXIT.interrupted;
  return EXIT.failed;
}
