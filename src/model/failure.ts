/**
 * Every way in which ctsync can fail to answer, by stable code. The command line turns a code into an exit code; scripts
 * may match on it.
 */
export type FailureCode =
  /** The tool is not installed, or not where it is looked for. */
  | 'TOOL_MISSING'
  /** The tool ended with an error that none of the other codes names. */
  | 'TOOL_FAILED'
  /** The tool was ended by a signal, such as a segmentation fault. */
  | 'TOOL_CRASHED'
  /** The tool needs rights that neither we nor `sudo -n` have. */
  | 'PERMISSION_DENIED'
  /** Nothing came for longer than the deadline. */
  | 'TIMEOUT'
  /** No conntrackd answers on the control socket. */
  | 'DAEMON_UNREACHABLE'
  /** Another host, or a network namespace of this one, can't be reached, or not any more. */
  | 'HOST_UNREACHABLE'
  /** A configuration or key file does not exist or can't be read. */
  | 'CONFIG_UNREADABLE'
  /** A configuration file has a mistake in it, or a key file is none or open to others. */
  | 'CONFIG_INVALID'
  /** A statement that is to be deleted, or a configuration that is asked for, is not there. */
  | 'NOT_CONFIGURED'
  /** Another ctsync is at work on the configuration. */
  | 'CONFIG_LOCKED'
  /** The configuration, or the file of the daemon, has been changed by somebody else meanwhile. */
  | 'CONFIG_CHANGED'
  /** A configuration has mistakes, and was not committed. */
  | 'CONFIG_REFUSED'
  /** A commit did not come through, and the old configuration is back, or it is said why not. */
  | 'COMMIT_FAILED'
  /** An action is not for this node as it is now: its role, its mode, or what is at work on it. Nothing was touched. */
  | 'ACTION_REFUSED'
  /** The operator did not say yes. Nothing was touched. */
  | 'NOT_CONFIRMED'
  /** A step of an action did not come through, or that it did is not known. */
  | 'ACTION_FAILED'
  /** The log of the daemon does not exist, can't be read, or is not written at all. */
  | 'LOG_UNREADABLE'
  /** A dump ended before all of it was there, or rows of it were lost. */
  | 'DUMP_INCOMPLETE'
  /** A captured file is not what the command reads. */
  | 'BAD_CAPTURE'
  /** A captured file does not exist or can't be read. */
  | 'CAPTURE_UNREADABLE'
  /** A support bundle, or a report of another tool, does not hold what the question is about. */
  | 'NOT_IN_BUNDLE'
  /** The answer of a tool can't be understood at all. */
  | 'BAD_ANSWER'
  /** Our own output can't be written: the disk is full, say. */
  | 'OUTPUT_FAILED'
  /** Ctrl-C or a signal. */
  | 'INTERRUPTED'
  /** The command line is wrong. */
  | 'USAGE'
  /** A mistake of ours. */
  | 'INTERNAL';

/** Failures as JSON shows them. */
export interface FailureReport {
  code: FailureCode;
  /** One sentence that names the thing: path, host, command line. */
  message: string;
  /** The tool's own last words. */
  tool_says?: string;
  /** What to do next. */
  next?: string;
}

/**
 * A failure that ends a command in one sentence: what failed, the tool's own last words, and what to do next.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly toolSays: string | undefined;
  readonly next: string | undefined;

  constructor(code: FailureCode, message: string, details: { toolSays?: string; next?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.toolSays = details.toolSays;
    this.next = details.next;
  }

  /** The failure of whatever Ctrl-C or a signal ended before its time. */
  static interrupted(): Failure {
    return new Failure('INTERRUPTED', 'Interrupted before the answer was complete.');
  }

  /** The same failure as data, for JSON. */
  report(): FailureReport {
    return {
      code: this.code,
      message: this.message,
      ...(this.toolSays ? { tool_says: this.toolSays } : {}),
      ...(this.next ? { next: this.next } : {}),
    };
  }
}
